import type { Random } from '../../base/index.ts';
import { affineGrid, gridSample, transpose, type Value } from '../../graph/index.ts';
import { asImages, asSlices, IMAGE_SIDE } from '../../network/index.ts';
import { type AffineMap, affineMap } from '../common/affine-map.ts';
import type { AugmentationSettings } from './settings.ts';

/** One map for a whole scan (Ye et al., supplement 5): rotation, scale, shift, shear, flips. */
export function drawAffineMap(ranges: AugmentationSettings, random: Random): AffineMap {
  const rotationDegrees = random.uniform(...ranges.rotationDegrees);
  const scale = random.uniform(...ranges.scale);
  const shear = random.uniform(-ranges.shear, ranges.shear);
  const side = () => (random.chance(ranges.flips) ? -scale : scale);
  const shift = () => random.uniform(-ranges.shift, ranges.shift);
  return affineMap({ rotationDegrees, scale: [side(), side()], shear, shift: [shift(), shift()] });
}

/** Prepared slices [slices, 256, 256] moved by one map [1, 2, 3]; what comes from outside is air. */
export function movedByOneMap(prepared: Value, map: Value): Value {
  const grid = affineGrid(map, IMAGE_SIDE, IMAGE_SIDE);
  // The slices stand as channels of one image: one grid serves them all
  const stacked = transpose(asImages(prepared), [1, 0, 2, 3]);
  return asSlices(transpose(gridSample(stacked, grid), [1, 0, 2, 3]));
}
