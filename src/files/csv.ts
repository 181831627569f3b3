import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { plainCell, RefusedInput } from '../base/index.ts';
import { explainSystemError } from './system-errors.ts';

/** Takes a row's cells, trimmed, and the line where it ends. What it throws ends the reading. */
export type OnCsvRow = (cells: string[], line: number) => void;

/** How a CSV file is written, beside its rows. */
export interface CsvForm {
  readonly separator: CsvSeparator;
  readonly byteOrderMark: boolean;
  /** Rows without a single filled cell; they are not handed on. */
  readonly blankRows: number;
}

export type CsvSeparator = ',' | ';' | '\t';

/** A stream of bytes or texts; a file's, unless a program brings its own. */
type Chunks = AsyncIterable<Uint8Array | string>;

/**
 * Streams a CSV file: memory does not grow with it. Cells are parted by commas, semicolons or tabs, as its first row is,
 * or as a line `sep=;` says; UTF-8, or UTF-16 with its mark; apostrophes that csvText put before formulas are taken off.
 * @throws UsageError where it cannot be opened; RefusedInput `unreadable-csv`, `not-utf8` naming the line
 */
export const readCsvFile = (file: string, onRow: OnCsvRow): Promise<CsvForm> =>
  readCsv(opened(file), path.basename(file), onRow);

async function* opened(file: string): Chunks {
  try {
    yield* createReadStream(file);
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', file);
  }
}

/** As `readCsvFile`, from any stream; `shown` is what error texts call it. */
export async function readCsv(chunks: Chunks, shown: string, onRow: OnCsvRow): Promise<CsvForm> {
  const { start, rest } = await startOf(chunks);
  const { separator, byteOrderMark, rowsFrom } = formOf(start);
  let blankRows = 0;
  // Loaded by the first table: reading a study needs none
  const { CsvError, parse } = await import('csv-parse');
  const parser = parse({
    bom: true,
    trim: true,
    relax_column_count: true,
    delimiter: separator,
    from_line: rowsFrom,
    on_record: (cells: string[], { lines }) => {
      if (takeCells(cells, () => `${shown}, line ${lines}`)) onRow(cells, lines);
      else blankRows++;
      // Taken at once and not handed on: a stream of five million rows would cost more than their reading
      return null;
    },
  });
  try {
    await pipeline(rest, parser, drain);
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const text = `${shown} cannot be read as CSV: ${thrown.message}`;
    throw new RefusedInput('unreadable-csv', text, { cause: thrown });
  }
  return { separator, byteOrderMark, blankRows };
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

/** What decoding puts in the place of bytes that are not UTF-8, as Excel's plain CSV writes them: two names may become one. */
const NOT_UTF8 = '\ufffd';

/** Makes the cells plain, in place; false where none is filled. */
function takeCells(cells: string[], place: () => string): boolean {
  let filled = false;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] ?? '';
    if (cell === '') continue;
    filled = true;
    if (cell.includes(NOT_UTF8))
      throw new RefusedInput('not-utf8', `${place()} is not UTF-8: save the file as "CSV UTF-8"`);
    cells[i] = plainCell(cell);
  }
  return filled;
}

/** Enough of the first bytes to hold the first row of any file that people fill. */
const START_BYTES = 65_536;

/** The stream's first bytes, up to a line's end at least, and the stream anew. */
async function startOf(chunks: Chunks): Promise<{ start: Buffer; rest: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < START_BYTES && !start.includes('\n')) {
    const { value, done } = await iterator.next();
    if (done) break;
    start = Buffer.concat([start, bytesOf(value)]);
  }
  async function* rest(): AsyncIterable<Uint8Array> {
    try {
      yield start;
      for (let next = await iterator.next(); !next.done; next = await iterator.next())
        yield bytesOf(next.value);
    } finally {
      await iterator.return?.();
    }
  }
  return { start, rest: rest() };
}

const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;

/** A cell of free content as others write it: R's NA is nothing, and a number has a decimal point. */
export function freeCell(text: string): string {
  if (text === 'NA') return '';
  return DECIMAL_COMMA.test(text) ? text.replace(',', '.') : text;
}

const bytesOf = (chunk: Uint8Array | string): Uint8Array =>
  typeof chunk === 'string' ? Buffer.from(chunk) : chunk;

function formOf(start: Buffer) {
  const isUtf16 = start[0] === 0xff && start[1] === 0xfe;
  const text = start.toString(isUtf16 ? 'utf16le' : 'utf8');
  const byteOrderMark = text.startsWith('\ufeff');
  const plain = byteOrderMark ? text.slice(1) : text;
  const said = /^"?sep=([,;\t])"?\r?\n/i.exec(plain)?.[1];
  return {
    separator: SEPARATORS.find((separator) => separator === said) ?? mostFrequent(plain),
    byteOrderMark,
    rowsFrom: said === undefined ? 1 : 2,
  };
}

const SEPARATORS: readonly CsvSeparator[] = [',', ';', '\t'];

/** What parts the first row's cells: the most frequent of the separators outside quotes; the comma where none is there. */
function mostFrequent(text: string): CsvSeparator {
  const [firstRow = ''] = text.replace(/"[^"]*"?/g, '').split(/\r|\n/);
  const count = (separator: string): number => firstRow.split(separator).length;
  return SEPARATORS.reduce((best, next) => (count(next) > count(best) ? next : best));
}
