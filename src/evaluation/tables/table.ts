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

/** A cell as people read it. */
export function cellText(cell: Cell, digits = 2): string {
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : rounded(cell, digits);
  if (isRounded(cell)) return cell.shown;
  if (isEmpty(cell)) return `\u2013 (${cell.empty})`;
  // an interval that two digits round away is shown with more
  if (cell.low.toFixed(digits) === cell.high.toFixed(digits) && cell.low < cell.high && digits < 4) {
    return cellText(cell, digits + 1);
  }
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
  const rows = table.rows.map((row) => line(row.map((cell) => cellText(cell))));
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

/** What LaTeX cannot take as it stands, in text or in a caption. */
const LATEX_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '<': '$<$',
  '>': '$>$',
  '\u2013': '--',
  '\u2014': '---',
  '\u2018': '`',
  '\u2019': "'",
  '\u201c': '``',
  '\u201d': "''",
  '\u2026': '\\ldots{}',
  '\u00a0': '~',
  '\u00b0': '$^\\circ$',
  '\u00b1': '$\\pm$',
  '\u00b2': '\\textsuperscript{2}',
  '\u00b3': '\\textsuperscript{3}',
  '\u00b5': '$\\mu$',
  '\u00b7': '$\\cdot$',
  '\u00d7': '$\\times$',
  '\u03b1': '$\\alpha$',
  '\u03b2': '$\\beta$',
  '\u03ba': '$\\kappa$',
  '\u03bc': '$\\mu$',
  '\u03c7': '$\\chi$',
  '\u2192': '$\\rightarrow$',
  '\u2212': '$-$',
  '\u221e': '$\\infty$',
  '\u2248': '$\\approx$',
  '\u2260': '$\\neq$',
  '\u2264': '$\\leq$',
  '\u2265': '$\\geq$',
};

/** Letters that pdflatex draws from UTF-8: those of Latin-1 and most of Latin Extended-A. */
const LATEX_LETTER =
  /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0107\u010c-\u0111\u0118-\u011b\u0141-\u0144\u0147\u0148\u0150-\u0153\u0158-\u015b\u015e-\u0165\u016e-\u0171\u0178-\u017e]/;

/** A text as pdflatex takes it, whatever it holds; a sign that it has no letter for is told by its code point. */
function latexText(text: string): string {
  return Array.from(text.normalize('NFC'), (mark) => {
    const known = LATEX_ESCAPES[mark];
    if (known !== undefined) return known;
    if (/[&%$#_{}]/.test(mark)) return `\\${mark}`;
    if (/[ -~]/.test(mark) || LATEX_LETTER.test(mark)) return mark;
    if (/\s/.test(mark)) return ' ';
    return `[U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  }).join('');
}

/** Longer cells than this are broken into lines. */
const LATEX_LONG_CELL = 36;

/** A LaTeX table that is made no wider than the page (packages booktabs and graphicx). */
export function tableLatex(table: Table): string {
  const safe = latexText;
  const forms = table.columns.map((name, k) => {
    const longest = Math.max(name.length, ...table.rows.map((row) => cellText(row[k] ?? '').length));
    return longest > LATEX_LONG_CELL ? 'p{5cm}' : 'l';
  });
  const line = (cells: readonly string[]): string => `${cells.map(safe).join(' & ')} \\\\`;
  return [
    '\\begin{table}',
    `\\caption{${safe(table.title)}}`,
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `\\begin{tabular}{${forms.join('')}}`,
    '\\toprule',
    line(table.columns),
    '\\midrule',
    ...table.rows.map((row) => line(row.map((cell) => cellText(cell)))),
    '\\bottomrule',
    '\\end{tabular}}',
    ...table.notes.map((note) => `\\par\\footnotesize ${safe(note)}`),
    '\\end{table}',
    '',
  ].join('\n');
}
