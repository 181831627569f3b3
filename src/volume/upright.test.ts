import { describe, expect, test } from 'vitest';
import { sliceEdges } from './orientation.ts';
import { storedSlices, turnOf, uprightSlices, uprightVolume } from './upright.ts';
import type { Vector3, Volume } from './volume.ts';

type Direction = readonly [name: string, row: Vector3, column: Vector3];

const [LEFT, RIGHT]: readonly Vector3[] = [
  [1, 0, 0],
  [-1, 0, 0],
];
const [POSTERIOR, ANTERIOR]: readonly Vector3[] = [
  [0, 1, 0],
  [0, -1, 0],
];

/** Every way in which a picture can be turned by quarters and mirrored, but the usual one. */
const WAYS = [LEFT, RIGHT]
  .flatMap((x) =>
    [POSTERIOR, ANTERIOR].flatMap((y) => [
      [x, y],
      [y, x],
    ]),
  )
  .map(([row, column]) => [`rows to ${row}, columns to ${column}`, row, column] as unknown as Direction)
  .filter(([, row, column]) => row !== LEFT || column !== POSTERIOR);

/** Two slices of 2 x 3; the value of a pixel tells where in the patient it lies, whatever the directions. */
function volumeAlong(rowDirection: Vector3, columnDirection: Vector3): Volume {
  const [slices, rows, columns] = [2, 2, 3];
  const [row, column] = [4, 5];
  const position: Vector3 = [10, 20, 30];
  const values = Array.from({ length: slices * rows * columns }, (_, i) => {
    const slice = Math.floor(i / 6);
    const [r, c] = [Math.floor((i % 6) / columns), i % columns];
    const [x = 0, y = 0] = position.map(
      (p, k) => p + (rowDirection[k] ?? 0) * c * column + (columnDirection[k] ?? 0) * r * row,
    );
    return 1000 * slice + 37 * x + y;
  });
  return {
    hu: Int16Array.from(values),
    slices,
    rows,
    columns,
    geometry: {
      pixelSpacingMm: { row, column },
      rowDirection,
      columnDirection,
      imagePositionsPatient: [position, [10, 20, 35]],
      sliceSpacingMm: 5,
      gantryTiltDegrees: 0,
      orientationKnown: true,
    },
  };
}

describe('slices turned upright', () => {
  test.each(WAYS)('%s', (_, row, column) => {
    const stored = volumeAlong(row, column);
    const turn = turnOf(stored.geometry);
    if (turn === undefined) throw new Error('a turn was expected');
    const upright = uprightVolume(stored, turn);
    expect(sliceEdges(upright.geometry)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    const { pixelSpacingMm: spacing, imagePositionsPatient: positions } = upright.geometry;
    for (const [i, value] of upright.hu.entries()) {
      const [slice, r, c] = [Math.floor(i / 6), Math.floor((i % 6) / upright.columns), i % upright.columns];
      const [x = 0, y = 0] = positions[slice] ?? [];
      expect(value).toBe(1000 * slice + 37 * (x + c * spacing.column) + y + r * spacing.row);
    }
    expect(storedSlices(upright.hu, stored, turn)).toEqual(stored.hu);
  });

  test('an upright series, and one that nobody knows how it lies, are left alone', () => {
    const { geometry } = volumeAlong(LEFT as Vector3, POSTERIOR as Vector3);
    expect(turnOf(geometry)).toBeUndefined();
    const tilted = { ...geometry, columnDirection: [0, 0.8, -0.6] as const };
    expect(turnOf(tilted)).toBeUndefined();
    const unknown = { ...geometry, rowDirection: RIGHT as Vector3, orientationKnown: false };
    expect(turnOf(unknown)).toBeUndefined();
  });

  test('rows and columns are exchanged for any kind of values', () => {
    const turn = { exchanges: true, turnsRows: false, turnsColumns: true };
    expect(uprightSlices(Float32Array.of(1, 2, 3, 4, 5, 6), { rows: 2, columns: 3 }, turn)).toEqual(
      Float32Array.of(4, 1, 5, 2, 6, 3),
    );
  });
});
