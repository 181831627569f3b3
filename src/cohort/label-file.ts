import path from 'node:path';
import { type ProgressListener, RefusedInput } from '../base/index.ts';
import { type CsvForm, readCsvFile } from '../files/index.ts';
import { type CohortCheck, cohortCheck } from './cohort-checks.ts';

/** A row by its header: the cell of a column, trimmed; empty where the row is short or has no such column. */
export type LabelRow = (column: string) => string;

export interface LabelFileForm {
  /** Columns that the file cannot do without; missing ones refuse it. */
  readonly columns: readonly string[];
  /** Header rows; those of several are joined by column, the lower name before the upper. Default 1. */
  readonly headerRows?: number;
  /** Every row has a cell for each column: a shorter one was cut, in a longer one a text is parted. Default false. */
  readonly wholeRows?: boolean;
  readonly onRow: (row: LabelRow, line: number, columns: readonly string[]) => void;
  readonly onProgress?: ProgressListener | undefined;
}

/** Between two words of progress: files of millions of rows take seconds. */
const ROWS_A_STEP = 100_000;

/**
 * Streams a CSV file of labels: memory does not grow with it. Returns what was found about the file's form.
 * @throws what readCsvFile throws; RefusedInput `missing-columns`, `bad-cell` naming the lines of all of them, or what
 * else onRow throws
 */
export async function readLabelFile(file: string, form: LabelFileForm): Promise<CohortCheck[]> {
  const shown = path.basename(file);
  const walk = createWalk(form, shown);
  const found = await readCsvFile(file, (cells, line) => {
    walk.take(cells, line);
    if (line % ROWS_A_STEP === 0) form.onProgress?.({ task: `reading ${shown}`, done: line });
  });
  return walk.finish(found);
}

function createWalk({ columns, headerRows = 1, wholeRows = false, onRow }: LabelFileForm, shown: string) {
  const header: string[][] = [];
  let names: readonly string[] = [];
  let places: ReadonlyMap<string, number> = new Map();
  let cellsOfRow: readonly string[] = [];
  let lineBreaks = false;
  const badCells = createBadCells();
  const row: LabelRow = (column) => cellsOfRow[places.get(column) ?? -1] ?? '';

  const takeHeader = (cells: readonly string[]): void => {
    lineBreaks ||= cells.some((cell) => /[\r\n]/.test(cell));
    header.push(cells.map((cell) => cell.replace(/\s+/g, ' ').trim()));
    if (header.length < headerRows) return;
    names = joinHeader(header);
    refuseMissing(names, columns, shown);
    places = new Map(names.map((name, i) => [name, i] as const).reverse());
  };
  return {
    take: (cells: readonly string[], line: number): void => {
      if (header.length < headerRows) takeHeader(cells);
      else {
        cellsOfRow = cells;
        badCells.collect(line, () => {
          if (wholeRows) refuseOtherLength(cells, names, line, shown);
          onRow(row, line, names);
        });
      }
    },
    finish: ({ byteOrderMark, blankRows }: CsvForm): CohortCheck[] => {
      if (header.length < headerRows) refuseMissing([], columns, shown);
      badCells.refuse();
      const checks: CohortCheck[] = [];
      if (byteOrderMark)
        checks.push(cohortCheck('byte-order-mark', `${shown} starts with a byte order mark: skipped`));
      if (headerRows > 1 || lineBreaks) {
        const text = `the header of ${shown} has ${headerRows} rows${lineBreaks ? ' and line breaks in names' : ''}: joined`;
        checks.push(cohortCheck('two-row-header', text));
      }
      if (blankRows > 0)
        checks.push(cohortCheck('blank-rows', `${shown} holds ${blankRows} blank rows: skipped`));
      return checks;
    },
  };
}

/** How many lines of further bad cells are named. */
const MOST_LINES = 5;

/** Reads on after a bad cell: whoever mends a file wants to hear of all of them at once. */
function createBadCells() {
  let first: RefusedInput | undefined;
  const others: number[] = [];
  let count = 0;
  return {
    /** Runs what throws RefusedInput `bad-cell` where a line has one. */
    collect: (line: number, read: () => void): void => {
      try {
        read();
      } catch (thrown) {
        if (!(thrown instanceof RefusedInput) || thrown.code !== 'bad-cell') throw thrown;
        if (first !== undefined && others.length < MOST_LINES) others.push(line);
        first ??= thrown;
        count++;
      }
    },
    refuse: (): void => {
      if (first === undefined) return;
      if (count === 1) throw first;
      const rest = count - 1 - others.length;
      const lines = `${others.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
      throw new RefusedInput('bad-cell', `${first.message}; lines with other bad cells: ${lines}`, {
        cause: first,
      });
    },
  };
}

/** The lowest name of each column. */
function joinHeader(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, i) => rows.findLast((row) => (row[i] ?? '') !== '')?.[i] ?? '');
}

function refuseOtherLength(
  cells: readonly string[],
  names: readonly string[],
  line: number,
  shown: string,
): void {
  const filled = cells.findLastIndex((cell) => cell !== '') + 1;
  if (cells.length >= names.length && filled <= names.length) return;
  const why =
    cells.length < names.length
      ? 'the row is cut short, or lacks separators at its end'
      : 'a text with a separator in it needs quotes';
  const text = `${shown}, line ${line} has ${Math.max(filled, cells.length)} cells, expected ${names.length}: ${why}`;
  throw new RefusedInput('bad-cell', text);
}

function refuseMissing(names: readonly string[], columns: readonly string[], shown: string): void {
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length === 0) return;
  const text = `${shown} lacks the columns ${missing.join(', ')}; expected ${columns.join(', ')}`;
  throw new RefusedInput('missing-columns', text);
}

/** `1` and `0` as true and false. Throws RefusedInput `bad-cell` naming the line. */
export function flagOf(cell: string, column: string, line: number, file: string): boolean {
  if (cell === '1' || cell === '0') return cell === '1';
  throw new RefusedInput('bad-cell', `${file}, line ${line}: ${column} is "${cell}"; expected 0 or 1`);
}
