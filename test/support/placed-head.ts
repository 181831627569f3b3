import type { StudyFile } from '../../src/base/index.ts';
import { type WritableAttributes, writeDicomObject } from '../../src/dicom/index.ts';
import { CT_SLICE, headHu, memoryFile } from './dicom-series.ts';

/** Of the patient, LPS; a place in mm too. */
export type Direction = readonly [x: number, y: number, z: number];

/** Neither square as a picture nor in its pixels: rows taken for columns would show. */
export const PLACED = { slices: 12, rows: 96, columns: 112, rowMm: 2.2, columnMm: 1.9, stepMm: 10 } as const;

export interface PlacedHead {
  readonly studyUid: string;
  /** Where rows and columns run in the patient: supine, seen from the feet, unless given. */
  readonly rowDirection?: Direction;
  readonly columnDirection?: Direction;
  /** A ball of 1800 HU and 6 mm about each of these places of the patient, mm. */
  readonly ballsMm?: readonly Direction[];
  readonly attributes?: WritableAttributes;
}

/** A ball is brighter than anything else in the head. */
const BALL_HU = 1800;
const BALL_MM = 6;

/** The stored values of a slice as HU: tissues by their place in the patient, with a relief that no two neighbours share. */
export function placedHu(head: PlacedHead, slice: number): Int16Array {
  const { rows, columns } = PLACED;
  const hu = new Int16Array(rows * columns);
  for (let i = 0; i < hu.length; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const place = placeOf(head, slice, row, column);
    const inBall = (head.ballsMm ?? []).some((ball) => distance(ball, place) < BALL_MM);
    const relief = (17 * row + 29 * column + 11 * slice) % 61;
    hu[i] = inBall ? BALL_HU : Math.max(-1024, headHu(...place) - 20 + relief);
  }
  return hu;
}

/** The middle of a voxel in the patient, mm (PS3.3 C.7.6.2.1.1). */
export function placeOf(head: PlacedHead, slice: number, row: number, column: number): Direction {
  const { rowDirection = [1, 0, 0], columnDirection = [0, 1, 0] } = head;
  const along = (column - (PLACED.columns - 1) / 2) * PLACED.columnMm;
  const down = (row - (PLACED.rows - 1) / 2) * PLACED.rowMm;
  const zMm = (slice - (PLACED.slices - 1) / 2) * PLACED.stepMm;
  const axis = (i: 0 | 1 | 2) => along * rowDirection[i] + down * columnDirection[i] + (i === 2 ? zMm : 0);
  return [axis(0), axis(1), axis(2)];
}

export const distance = (a: Direction, b: Direction): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Uncompressed, inferior first. */
export function placedFiles(head: PlacedHead): StudyFile[] {
  const { rowDirection = [1, 0, 0], columnDirection = [0, 1, 0], studyUid } = head;
  return Array.from({ length: PLACED.slices }, (_, slice) => {
    const bytes = writeDicomObject({
      attributes: {
        ...CT_SLICE,
        StudyInstanceUID: studyUid,
        SeriesInstanceUID: `${studyUid}.2`,
        SOPInstanceUID: `${studyUid}.2.${slice + 1}`,
        InstanceNumber: slice + 1,
        SliceThickness: PLACED.stepMm,
        Rows: PLACED.rows,
        Columns: PLACED.columns,
        PixelSpacing: [PLACED.rowMm, PLACED.columnMm],
        ImageOrientationPatient: [...rowDirection, ...columnDirection].map((part) => part.toFixed(6)),
        ImagePositionPatient: placeOf(head, slice, 0, 0).map((mm) => mm.toFixed(4)),
        ...head.attributes,
      },
      pixelData: Uint16Array.from(placedHu(head, slice), (hu) => hu + 1024),
    });
    return memoryFile(`IM${String(slice + 1).padStart(3, '0')}`, bytes);
  });
}
