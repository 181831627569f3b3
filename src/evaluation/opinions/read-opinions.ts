import { at, RefusedInput } from '../../base/index.ts';
import { freeCell, readCsv, readCsvFile } from '../../files/index.ts';
import { headerOf, type InputColumn } from './header.ts';
import { CLASS_NAMES, type OpinionRow, opinionRowSchema } from './opinion-row.ts';
import { OpinionCollector, type Opinions } from './opinions.ts';

type Stream = Parameters<typeof readCsv>[0];
type OnRow = Parameters<typeof readCsv>[2];

/**
 * Reads opinions from a CSV file as a stream: memory grows with the numbers kept, not with the file. Commas, semicolons or
 * tabs part the cells; the forms that Excel, SPSS, REDCap, R and pandas write are read.
 * @throws UsageError where the file cannot be opened; RefusedInput naming the line: missing columns, a probability outside 0..1, double rows, contradictions
 */
export const readOpinionsFile = (path: string): Promise<Opinions> =>
  collected(path.replace(/^.*[\\/]/, ''), (onRow) => readCsvFile(path, onRow));

/** As `readOpinionsFile`, from any stream; `shown` is what error texts call it. */
export const readOpinions = (csv: Stream, shown = 'the opinions'): Promise<Opinions> =>
  collected(shown, (onRow) => readCsv(csv, shown, onRow));

async function collected(shown: string, read: (onRow: OnRow) => Promise<unknown>): Promise<Opinions> {
  const collector = new OpinionCollector(shown);
  let rowOf: ((cells: readonly string[], line: number) => OpinionRow) | undefined;
  await read((cells, line) => {
    if (rowOf) {
      collector.add(rowOf(cells, line), line);
      return;
    }
    const { columns, nameless, notes } = headerOf(cells, shown);
    for (const note of notes) collector.note(note);
    rowOf = rowReader(columns, nameless, cells.length, shown);
  });
  return collector.finish();
}

/** A cell's value, or a fault that names its place. */
type CellReader = (text: string, place: () => string) => unknown;

/**
 * Reads a row's cells by the header's names, into one row that is overwritten by the next. Cells of one study repeat: only
 * a changed cell is read again, and what a column's first texts mean is remembered.
 */
function rowReader(
  columns: readonly InputColumn[],
  nameless: readonly number[],
  width: number,
  shown: string,
) {
  const kept = columns.map((column) => ({
    ...column,
    read: remembering(readerOf(column)),
    text: undefined as string | undefined,
  }));
  const row = Object.fromEntries(columns.map(({ name }): [string, unknown] => [name, undefined]));
  return (cells: readonly string[], line: number): OpinionRow => {
    const place = (): string => `${shown}, line ${line}`;
    refuseShape(cells, nameless, width, place);
    for (const column of kept) {
      const text = at(cells, column.place);
      if (text === column.text) continue;
      row[column.name] = column.read(text, place);
      column.text = text;
    }
    if (row.reference === undefined && row.excluded === undefined) throw badCell('reference', '', place);
    return row as OpinionRow;
  };
}

/** Classes, readers, slices: few texts, each on very many rows. */
const MOST_REMEMBERED = 512;

function remembering(read: CellReader): CellReader {
  const known = new Map<string, unknown>();
  return (text, place) => {
    if (known.has(text)) return known.get(text);
    const value = read(text, place);
    if (known.size < MOST_REMEMBERED) known.set(text, value);
    return value;
  };
}

function refuseShape(
  cells: readonly string[],
  nameless: readonly number[],
  width: number,
  place: () => string,
): void {
  if (cells.length < width)
    throw new RefusedInput(
      'unreadable-csv',
      `${place()} has ${cells.length} cells where the header has ${width}: the row is cut short`,
    );
  const beyond =
    nameless.some((k) => cells[k] !== '') ||
    (cells.length > width && cells.slice(width).some((cell) => cell !== ''));
  if (beyond)
    throw new RefusedInput(
      'unreadable-csv',
      `${place()} has a filled cell under no column name: name it, or empty it`,
    );
}

/** A name as DICOM writes it (PS3.5 6.2, VR PN): family name, circumflex, given name. */
const DICOM_NAME = /^\p{L}[\p{L}\p{M}' .-]*\^[\p{L}\p{M}' .^-]*$/u;

function readerOf({ name, percent }: InputColumn): CellReader {
  const known = Object.entries(opinionRowSchema.shape).find(([column]) => column === name)?.[1];
  return (text, place) => {
    if (name !== 'reader' && DICOM_NAME.test(text))
      throw new RefusedInput(
        'names-people',
        `${place()}: column ${name} holds a name as DICOM writes it; a report would print it: give a code, or leave the column out`,
      );
    if (known === undefined) return freeCell(text);
    if (name === 'probability' && !percent && PLAIN_PROBABILITY.test(text) && Number(text) <= 1)
      return Number(text);
    const given = percent && /\d\s*$/.test(text) ? `${text}%` : text;
    const checked = known.safeParse(given);
    if (checked.success) return checked.data;
    throw badCell(name, text, place);
  };
}

/** As nearly all are written: the schema reads these too, and five million rows would wait for it. */
const PLAIN_PROBABILITY = /^[01](\.\d+)?(e-\d+)?$/;

const badCell = (name: string, text: string, place: () => string): RefusedInput =>
  new RefusedInput('bad-cell', `${place()}: ${name} is "${text}", expected ${EXPECTED[name] ?? 'text'}`);

const EXPECTED: Readonly<Record<string, string>> = {
  slice: 'a whole number from 1, or nothing for the subject',
  class: `one of ${CLASS_NAMES.join(', ')}`,
  reference: '0 or 1',
  decision: '0, 1 or nothing',
  probability: 'a number in 0..1, or nothing',
};
