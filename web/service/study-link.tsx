import type { ReactNode } from 'react';
import { studyHash } from './study-address.ts';

export function goToStudy(study: string): void {
  globalThis.location.hash = studyHash(study);
}

/** In a table whose chosen row is opened by Enter. */
export const StudyLink = ({ study }: { study: string }): ReactNode => (
  <a href={studyHash(study)} aria-keyshortcuts="Enter">
    {study}
  </a>
);
