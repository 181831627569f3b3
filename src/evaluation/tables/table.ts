import { at, csvText } from '../../base/index.ts';
import { isEmpty, type Measurement } from '../../statistics/index.ts';

/** A number that people read rounded, and that programs, which decide by it, read with all its digits. */
export interface Rounded {
  readonly exact: number;
  readonly shown: string;
}

/** A cell: text, a count, or a measurement, which prints as `0.93 (0.90 to 0.96)` or as why it is empty. */
export type Cell = string | number | Measurement | Rounded;

const isRounded = (cell: Cell): cell is Rounded => typeof cell === 'object' && 'exact' in cell;

/** A threshold or the like, to four significant digits. */
export const toFourDigits = (exact: number): Rounded => ({
  exact,
  shown: String(Number(exact.toPrecision(4))),
});

/** A p value: all its digits for programs. @param test is told behind it */
export const pCell = (exact: number, test = ''): Rounded => ({
  exact,
  shown: `${exact < 0.001 ? '< 0.001' : exact.toFixed(3)}${test}`,
});

export interface Table {
  /** Of its files: `subject-level`. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
}

/** A cell by itself as people read it. */
export function cellText(cell: Cell): string {
  return textWith(cell, digitsOf(cell));
}

/** The cells of a table as people read them: those of one column with the same number of decimals. */
export function shownRows({ columns, rows }: Table): string[][] {
  const digits = columns.map((_, k) => Math.max(0, ...rows.map((row) => digitsOf(row[k] ?? ''))));
  return rows.map((row) => columns.map((_, k) => textWith(row[k] ?? '', at(digits, k))));
}

const USUAL_DIGITS = 2;
/** An interval that two decimals round away is shown with more. */
const MOST_DIGITS = 4;

/** How many decimals a cell needs. */
function digitsOf(cell: Cell): number {
  if (typeof cell === 'string') return 0;
  if (typeof cell === 'number') return Number.isInteger(cell) ? 0 : USUAL_DIGITS;
  if (isRounded(cell))
    return /^-?\d+\.\d+$/.test(cell.shown) ? cell.shown.length - cell.shown.indexOf('.') - 1 : 0;
  if (isEmpty(cell)) return 0;
  let digits = USUAL_DIGITS;
  while (
    cell.low < cell.high &&
    cell.low.toFixed(digits) === cell.high.toFixed(digits) &&
    digits < MOST_DIGITS
  )
    digits++;
  return digits;
}

function textWith(cell: Cell, digits: number): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return rounded(cell, digits);
  if (isRounded(cell)) return /^-?\d+(\.\d+)?$/.test(cell.shown) ? rounded(cell.exact, digits) : cell.shown;
  if (isEmpty(cell)) return `\u2013 (${cell.empty})`;
  const value = rounded(cell.value, digits);
  if (Number.isNaN(cell.low)) return `${value} (no interval: ${cell.noInterval ?? 'not defined'})`;
  return `${value} (${rounded(cell.low, digits)} to ${rounded(cell.high, digits)})`;
}

/** Digits without a minus in front of zeros. */
function rounded(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** CSV with full digits: a column of measurements becomes value, low, high and, for what is empty, note. */
export function tableCsv(table: Table): string {
  const parts = table.columns.map((name, k) =>
    csvColumns(
      name,
      table.rows.map((row) => row[k] ?? ''),
    ),
  );
  const header = parts.flatMap((part) => part.names);
  const lines = table.rows.map((_, row) => parts.flatMap((part) => at(part.cells, row)));
  return csvText([header, ...lines]);
}

function csvColumns(name: string, cells: readonly Cell[]): { names: string[]; cells: string[][] } {
  const isMeasured = (cell: Cell) => typeof cell === 'object' && !isRounded(cell);
  if (!cells.some(isMeasured)) {
    const texts = cells.map((cell) => [
      String(typeof cell === 'object' && isRounded(cell) ? cell.exact : cell),
    ]);
    return { names: [name], cells: texts };
  }
  const four = (cell: Cell): string[] => {
    if (typeof cell !== 'object') return [String(cell), '', '', ''];
    if (isRounded(cell)) return [String(cell.exact), '', '', ''];
    if (isEmpty(cell)) return ['', '', '', cell.empty];
    const numbers = [cell.value, cell.low, cell.high].map((n) => (Number.isNaN(n) ? '' : String(n)));
    return [...numbers, cell.noInterval === undefined ? '' : `no interval: ${cell.noInterval}`];
  };
  return { names: [name, `${name} low`, `${name} high`, `${name} note`], cells: cells.map(four) };
}

/** A Markdown table with its title and notes. */
export function tableMarkdown(table: Table): string {
  const safe = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const line = (cells: readonly string[]): string => `| ${cells.map(safe).join(' | ')} |`;
  const rows = shownRows(table).map(line);
  const notes = table.notes.map((note) => `${note}  `);
  return [
    `**${table.title}**`,
    '',
    line(table.columns),
    `|${table.columns.map(() => '---').join('|')}|`,
    ...rows,
    '',
    ...notes,
    '',
  ].join('\n');
}
