import type { Random } from '../../base/index.ts';
import { affineGrid, gridSample, transpose, type Value } from '../../graph/index.ts';
import { asImages, asSlices, IMAGE_SIDE } from '../../network/index.ts';
import type { AugmentationSettings } from './settings.ts';

/** Where each place of a slice comes from, [2, 3] row by row, in coordinates from -1 to 1; see affineGrid. */
export type AffineMap = readonly number[];

export const NO_CHANGE: AffineMap = [1, 0, 0, 0, 1, 0];

/** One map for a whole scan (Ye et al., supplement 5): rotation, scale, shift, shear, flips. */
export function drawAffineMap(ranges: AugmentationSettings, random: Random): AffineMap {
  const angle = (random.uniform(...ranges.rotationDegrees) * Math.PI) / 180;
  const scale = random.uniform(...ranges.scale);
  const shear = random.uniform(-ranges.shear, ranges.shear);
  const side = () => (random.chance(ranges.flips) ? -1 : 1);
  const [across, down] = [side() / scale, side() / scale];
  // A shift by a share of the side is twice that in coordinates from -1 to 1
  const shift = () => 2 * random.uniform(-ranges.shift, ranges.shift);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    cos * across,
    (cos * shear - sin) * down,
    shift(),
    sin * across,
    (sin * shear + cos) * down,
    shift(),
  ];
}

/** Prepared slices [slices, 256, 256] moved by one map [1, 2, 3]; what comes from outside is air. */
export function movedByOneMap(prepared: Value, map: Value): Value {
  const grid = affineGrid(map, IMAGE_SIDE, IMAGE_SIDE);
  // The slices stand as channels of one image: one grid serves them all
  const stacked = transpose(asImages(prepared), [1, 0, 2, 3]);
  return asSlices(transpose(gridSample(stacked, grid), [1, 0, 2, 3]));
}
