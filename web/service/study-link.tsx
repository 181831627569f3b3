import type { ReactNode } from 'react';

/** Where the page shows a study, in its own address. */
export const studyHash = (study: string): string => `#study/${study}`;

export function goToStudy(study: string): void {
  globalThis.location.hash = studyHash(study);
}

/** In a table whose chosen row is opened by Enter. */
export const StudyLink = ({ study }: { study: string }): ReactNode => (
  <a href={studyHash(study)} aria-keyshortcuts="Enter">
    {study}
  </a>
);
