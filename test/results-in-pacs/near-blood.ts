import { at } from '../../src/base/index.ts';
import type { Phantom } from '../../src/phantom/index.ts';
import type { SegmentFrame } from './tools.ts';

/**
 * The share of a segmentation's pixels that lie on the phantom's blood or within so many millimetres of it, all in
 * patient coordinates: the segmentation's from the object itself, the blood's from the phantom.
 */
export function shareNearBlood(
  frames: readonly SegmentFrame[],
  columns: number,
  phantom: Phantom,
  withinMm: number,
): number {
  const blood = bloodPoints(phantom);
  let [near, all] = [0, 0];
  for (const { position, orientation, spacing, pixels } of frames) {
    const [rowX, rowY, rowZ, columnX, columnY, columnZ] = orientation;
    const normal = [
      rowY * columnZ - rowZ * columnY,
      rowZ * columnX - rowX * columnZ,
      rowX * columnY - rowY * columnX,
    ];
    const offPlane = (point: Point) =>
      point.reduce((sum, value, axis) => sum + (value - at(position, axis)) * at(normal, axis), 0);
    const around = blood.filter((point) => Math.abs(offPlane(point)) <= withinMm);
    for (const pixel of pixels) {
      const along = (pixel % columns) * spacing[1];
      const down = Math.floor(pixel / columns) * spacing[0];
      const x = position[0] + along * rowX + down * columnX;
      const y = position[1] + along * rowY + down * columnY;
      const z = position[2] + along * rowZ + down * columnZ;
      all++;
      if (around.some((b) => (b[0] - x) ** 2 + (b[1] - y) ** 2 + (b[2] - z) ** 2 <= withinMm ** 2)) near++;
    }
  }
  return near / all;
}

type Point = readonly [x: number, y: number, z: number];

/** Every voxel of the mask. */
function bloodPoints({ mask, volume: { rows, columns, geometry } }: Phantom): Point[] {
  const { rowDirection, columnDirection, pixelSpacingMm, imagePositionsPatient } = geometry;
  const points: Point[] = [];
  for (const [voxel, value] of mask.entries()) {
    if (value === 0) continue;
    const [x, y, z] = at(imagePositionsPatient, Math.floor(voxel / (rows * columns)));
    const along = (voxel % columns) * pixelSpacingMm.column;
    const down = (Math.floor(voxel / columns) % rows) * pixelSpacingMm.row;
    points.push([
      x + along * rowDirection[0] + down * columnDirection[0],
      y + along * rowDirection[1] + down * columnDirection[1],
      z + along * rowDirection[2] + down * columnDirection[2],
    ]);
  }
  return points;
}
