/** A cell of a CSV file; undefined is empty, true and false are 1 and 0. */
export type CsvCell = string | number | boolean | undefined;

/**
 * CSV as RFC 4180 has it, lines ended by CR LF. A text that a spreadsheet would run as a formula gets an apostrophe in
 * front (OWASP, "CSV injection"); `plainCell` takes it off again.
 */
export const csvText = (lines: readonly (readonly CsvCell[])[]): string =>
  `${lines.map((line) => line.map(written).join(',')).join('\r\n')}\r\n`;

function written(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell !== 'string') return String(Number(cell));
  const safe = isFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Texts that begin as a formula does, full-width signs and blanks in front included, or with such apostrophes. */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const isFormula = (text: string): boolean => FORMULA.test(text) && !NUMBER.test(text);

/** A cell as it was before `csvText` put an apostrophe in front of it. */
export const plainCell = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
