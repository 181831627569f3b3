import type { Random } from '../../base/index.ts';
import { type AffineMap, affineMap, NO_CHANGE } from '../common/affine-map.ts';
import type { Blooming } from './blooming.ts';
import type { AugmentationRanges } from './recipe.ts';
import type { CopyPlan } from './series-copy.ts';

/** One transform for a whole series. */
export interface SeriesTransform {
  /** Where each place of the result comes from, [2, 3]; see affineGrid. */
  readonly map: AffineMap;
  readonly gain: number;
  readonly offsetHu: number;
  readonly noiseHu: number;
  /** See stretchContrast. */
  readonly contrast: number;
  /** See addCupping. */
  readonly cuppingHu: number;
  readonly cuppingReach: number;
  /** See addBlooming. */
  readonly blooming: Blooming;
  /** Deviation of a Gaussian, pixels of a slice of 256 x 256; 0 for none. */
  readonly smoothing: number;
}

const NO_BLOOMING: Blooming = { boneHu: 0, sigma: 0, fromNeighbours: 0 };
const AS_IT_IS: SeriesTransform = {
  map: NO_CHANGE,
  gain: 1,
  offsetHu: 0,
  noiseHu: 0,
  contrast: 1,
  cuppingHu: 0,
  cuppingReach: 0,
  blooming: NO_BLOOMING,
  smoothing: 0,
};

export function drawTransform(copy: CopyPlan, ranges: AugmentationRanges, random: Random): SeriesTransform {
  if (copy.form === 'plain') return AS_IT_IS;
  const smoothed = random.chance(ranges.smoothedShare);
  return {
    map: drawMap(ranges, random),
    gain: random.uniform(...ranges.gain),
    offsetHu: random.uniform(...ranges.offsetHu),
    noiseHu: random.uniform(0, ranges.noiseHu),
    contrast: random.uniform(...ranges.contrast),
    cuppingHu: random.uniform(...ranges.cuppingHu),
    cuppingReach: random.integer(...ranges.cuppingReach),
    smoothing: smoothed ? random.uniform(...ranges.smoothing) : 0,
    blooming: random.chance(ranges.bloomingShare) ? drawBlooming(ranges, random) : NO_BLOOMING,
  };
}

const drawBlooming = (ranges: AugmentationRanges, random: Random): Blooming => ({
  boneHu: random.uniform(...ranges.bloomingBoneHu),
  sigma: random.uniform(...ranges.bloomingSigma),
  fromNeighbours: random.uniform(...ranges.bloomingFromNeighbours),
});

/** Heads are not all of one form: one side is stretched against the other by so much. */
const STRETCH = [0.95, 1.05] as const;

/** Mirror, scale, shear, rotation, shift. */
function drawMap(ranges: AugmentationRanges, random: Random): AffineMap {
  const rotationDegrees = random.uniform(-ranges.rotationDegrees, ranges.rotationDegrees);
  const [smallest, largest] = ranges.scale;
  // Drawn evenly in its inverse, as the bundled weights were trained
  const scale = 1 / random.uniform(1 / largest, 1 / smallest);
  const across = random.chance(0.5) ? scale : -scale;
  const down = scale / random.uniform(...STRETCH);
  const shear = random.uniform(-ranges.shear, ranges.shear);
  const shift = () => random.uniform(-ranges.shift, ranges.shift);
  return affineMap({ rotationDegrees, scale: [across, down], shear, shift: [shift(), shift()] });
}
