/** Where the page shows a study, in its own address; at a slice, counted from 0, where one is named. */
export const studyHash = (study: string, slice?: number): string =>
  slice === undefined ? `#study/${study}` : `#study/${study}/${slice + 1}`;

/** The study that an address names, and its slice, counted from 0. */
export function studyOf(hash: string): { readonly study?: string; readonly slice?: number } {
  const [, study, slice] = /^#study\/([\d.]+)(?:\/(\d+))?$/.exec(hash) ?? [];
  return { ...(study && { study }), ...(slice && { slice: Number(slice) - 1 }) };
}

/** What the service has of a study, under the page's own address. */
export const studyAddress = (study: string): string => `api/studies/${study}`;
export const resultAddress = (study: string, file: string): string =>
  `${studyAddress(study)}/results/${file}`;
