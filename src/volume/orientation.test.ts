import { expect, test } from 'vitest';
import { sliceEdges } from './orientation.ts';
import type { Vector3, VolumeGeometry } from './volume.ts';

const geometry = (
  rowDirection: Vector3,
  columnDirection: Vector3,
  orientationKnown = true,
): VolumeGeometry => ({
  pixelSpacingMm: { row: 0.5, column: 0.5 },
  rowDirection,
  columnDirection,
  imagePositionsPatient: [[0, 0, 0]],
  sliceSpacingMm: 5,
  gantryTiltDegrees: 0,
  orientationKnown,
});
const tilt = (18.5 * Math.PI) / 180;

test.each([
  ['supine axial', [1, 0, 0], [0, 1, 0], { left: 'R', right: 'L', top: 'A', bottom: 'P' }],
  [
    'tilted gantry',
    [1, 0, 0],
    [0, Math.cos(tilt), -Math.sin(tilt)],
    { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  ],
  ['prone axial', [-1, 0, 0], [0, -1, 0], { left: 'L', right: 'R', top: 'P', bottom: 'A' }],
  ['coronal', [1, 0, 0], [0, 0, -1], { left: 'R', right: 'L', top: 'H', bottom: 'F' }],
] as const)('edges of a %s slice', (_, row, column, expected) => {
  expect(sliceEdges(geometry(row, column))).toEqual(expected);
});

test('nothing is claimed where the orientation is unknown', () => {
  expect(sliceEdges(geometry([1, 0, 0], [0, 1, 0], false))).toBeUndefined();
});
