import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageSubtypeName, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import type { KnownLabels } from './cohort-study.ts';
import { type LabelRow, readLabelFile } from './label-file.ts';

/** A person's box around blood on one slice, loose in places; blood outside of it may lie in another box, or in none. */
export interface BleedBox {
  /** As the slices' files are numbered. */
  readonly slice: number;
  readonly subtype: HemorrhageSubtypeName;
  /** Where it begins and ends, as shares of the image's height and width. */
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

const COLUMNS = ['patient', 'slice', 'subtype', 'x_center', 'y_center', 'width', 'height'];

/**
 * A table of boxes by patient: `patient,slice,subtype,x_center,y_center,width,height`, places and sizes as shares of the image.
 * Throws as readLabelFile does.
 */
export async function readBleedBoxes(file: string): Promise<ReadonlyMap<number, readonly BleedBox[]>> {
  const boxes = new Map<number, BleedBox[]>();
  const onRow = (row: LabelRow, line: number): void => {
    const patient = numberOf(row, 'patient', line);
    boxes.set(patient, [...(boxes.get(patient) ?? []), boxOf(row, line)]);
  };
  await readLabelFile(file, { columns: COLUMNS, wholeRows: true, onRow });
  return boxes;
}

function boxOf(row: LabelRow, line: number): BleedBox {
  const number = (column: string): number => numberOf(row, column, line);
  const subtype = HEMORRHAGE_SUBTYPE_NAMES.find((name) => name === row('subtype'));
  if (subtype === undefined) {
    const expected = HEMORRHAGE_SUBTYPE_NAMES.join(', ');
    throw new RefusedInput(
      'bad-cell',
      `line ${line}: subtype is "${row('subtype')}", expected one of ${expected}`,
    );
  }
  const around = (centre: number, size: number) => [centre - size / 2, centre + size / 2] as const;
  return {
    slice: number('slice'),
    subtype,
    rows: around(number('y_center'), number('height')),
    columns: around(number('x_center'), number('width')),
  };
}

function numberOf(row: LabelRow, column: string, line: number): number {
  const value = row(column) === '' ? Number.NaN : Number(row(column));
  if (Number.isFinite(value)) return value;
  throw new RefusedInput('bad-cell', `line ${line}: ${column} is "${row(column)}", expected a number`);
}

/** Those of slices whose boxes name the very subtypes that their labels do: of another slice it is not known what is missing. */
export function agreeingBoxes(
  boxes: readonly BleedBox[],
  labelsOf: (slice: number) => KnownLabels | undefined,
): BleedBox[] {
  const bySlice = Map.groupBy(boxes, ({ slice }) => slice);
  return [...bySlice].flatMap(([slice, own]) => {
    const boxed = new Set(own.map(({ subtype }) => subtype));
    const labels = labelsOf(slice);
    const agree = HEMORRHAGE_SUBTYPE_NAMES.every((name) => labels?.[name] === boxed.has(name));
    return agree ? own : [];
  });
}

/**
 * Pixels within boxes, [slices, rows, columns]: 0, or the subtype's place in HEMORRHAGE_SUBTYPE_NAMES from 1; the smaller of two
 * boxes that overlap is the one that counts.
 * @param boxes their slices counted from 0
 */
export function pixelsInBoxes(
  { slices, rows, columns }: Pick<Volume, 'slices' | 'rows' | 'columns'>,
  boxes: readonly BleedBox[],
): Uint8Array {
  const values = new Uint8Array(slices * rows * columns);
  const areaOf = (box: BleedBox): number => (box.rows[1] - box.rows[0]) * (box.columns[1] - box.columns[0]);
  for (const box of boxes.toSorted((a, b) => areaOf(b) - areaOf(a))) {
    const place = HEMORRHAGE_SUBTYPE_NAMES.indexOf(box.subtype) + 1;
    const [top, bottom] = pixelsOf(box.rows, rows);
    const [left, right] = pixelsOf(box.columns, columns);
    for (let row = top; row < bottom; row++) {
      const start = (box.slice * rows + row) * columns;
      values.fill(place, start + left, start + right);
    }
  }
  return values;
}

/** First pixel, and the one after the last. */
const pixelsOf = ([from, to]: BleedBox['rows'], count: number): readonly [number, number] => {
  const edge = (share: number): number => Math.min(count, Math.max(0, Math.round(share * count)));
  return [edge(from), edge(to)];
};
