/** What decoding puts in the place of bytes that are no UTF-8: two names may become one. */
const NO_UTF8 = '\ufffd';

/** Whether a cell was written in another code, as Excel's plain CSV is in the country's own. */
export const isOtherEncoding = (cell: string): boolean => cell.includes(NO_UTF8);
