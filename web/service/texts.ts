/** In the reader's own way of writing; empty where nothing is known. */
export const whenText = (at: string | undefined): string =>
  at === undefined ? '' : new Date(at).toLocaleString();

export const percent = (share: number): string => `${Math.round(100 * share)} %`;
