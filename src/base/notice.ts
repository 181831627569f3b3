/** What every page, picture, object and command says of Ichor. */
export const RESEARCH_USE = 'Research use only. Not a medical device. Not for diagnostic use.';
