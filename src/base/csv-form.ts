/** What decoding puts in the place of bytes that are no UTF-8: two names may become one. */
const NO_UTF8 = '\ufffd';

/** Whether a cell was written in another code, as Excel's plain CSV is in the country's own. */
export const isOtherEncoding = (cell: string): boolean => cell.includes(NO_UTF8);

/** What parts the cells of a header that commas do not part; undefined where commas do, or nothing known does. */
export function otherSeparator(header: readonly string[]): 'semicolons' | 'tabs' | undefined {
  const [only = '', ...more] = header;
  if (more.length > 0) return undefined;
  if (only.includes(';')) return 'semicolons';
  return only.includes('\t') ? 'tabs' : undefined;
}
