import { shownRows, type Table } from './table.ts';

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
const LONG_CELL = 36;
/** Lines of a page of ten points that a table may fill, and letters of a line of its notes. */
const [MOST_LINES, NOTE_LETTERS] = [34, 90];

/** LaTeX tables made no wider than the page, and, where the rows need it, several (packages booktabs and graphicx). */
export function tableLatex(table: Table): string {
  const cells = shownRows(table);
  const isLong = table.columns.map((name, k) =>
    [name, ...cells.map((row) => row[k] ?? '')].some((text) => text.length > LONG_CELL),
  );
  const heightOf = (row: readonly string[]): number =>
    Math.max(1, ...row.map((text, k) => (isLong[k] ? Math.ceil(text.length / LONG_CELL) : 1)));
  const noteLines = table.notes.reduce((sum, note) => sum + Math.ceil(note.length / NOTE_LETTERS), 0);
  const most = Math.max(MOST_LINES / 2, MOST_LINES - heightOf(table.columns) - noteLines);
  const parts = partsOf(cells, heightOf, most);
  const form = isLong.map((long) => (long ? 'p{5cm}' : 'l')).join('');
  return parts
    .map((rows, k) => {
      const which = parts.length === 1 ? '' : ` (part ${k + 1} of ${parts.length})`;
      const notes = k === parts.length - 1 ? table.notes : [];
      return latexFloat({ title: `${table.title}${which}`, form, columns: table.columns, rows, notes });
    })
    .join('\n');
}

/** Rows in parts of so many lines at most. */
function partsOf(
  rows: readonly string[][],
  heightOf: (row: readonly string[]) => number,
  most: number,
): string[][][] {
  const parts: string[][][] = [[]];
  let lines = 0;
  for (const row of rows) {
    const height = heightOf(row);
    if (lines + height > most && lines > 0) {
      parts.push([]);
      lines = 0;
    }
    parts.at(-1)?.push(row);
    lines += height;
  }
  return parts;
}

interface LatexFloat {
  readonly title: string;
  readonly form: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

function latexFloat({ title, form, columns, rows, notes }: LatexFloat): string {
  // behind the end of a row [ and * would be read as its options
  const line = (cells: readonly string[]): string =>
    `${cells
      .map(latexText)
      .join(' & ')
      .replace(/^(?=[[*])/, '{}')} \\\\`;
  return [
    '\\begin{table}',
    `\\caption{${latexText(title)}}`,
    '\\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%',
    `\\begin{tabular}{${form}}`,
    '\\toprule',
    line(columns),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}}',
    ...notes.map((note) => `\\par\\footnotesize ${latexText(note)}`),
    '\\end{table}',
    '',
  ].join('\n');
}
