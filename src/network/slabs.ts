import { IchorError } from '../base/index.ts';
import {
  and,
  cast,
  type Dimension,
  divide,
  greater,
  greaterOrEqual,
  indexAlong,
  input,
  matMul,
  reduceSum,
  reshape,
  stepsAlong,
  subtract,
  transpose,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import type { NetworkSettings } from './settings.ts';

/** How many slices make a slab: an input that may be left out, one unless given. */
export const SLICES_PER_SLAB = 'slicesPerSlab';

/** Neighbouring slices seen as one: what a CNN that learnt on thick slices is shown of a thin series. */
export interface Slabs {
  /**
   * The series as slabs, float32 HU [slabs, rows, columns]; the last one may have fewer slices. HU as they are, as a scanner
   * averages them: where bone, clipped before, lies beside brain, their mean would be that of blood.
   */
  readonly hu: Value;
  /** What was found of each slab, for each of its slices: [slabs, ...] -> [slices, ...]. */
  spread(found: Value): Value;
}

/** Of a series int16 HU [slices, rows, columns]. */
export function slabsOf(hu: Value): Slabs {
  const perSlab = input(SLICES_PER_SLAB, [], 'int64', BigInt64Array.of(1n));
  const first = unsqueeze(stepsAlong(hu, 0, perSlab, 'slabs'), 1);
  const place = subtract(unsqueeze(indexAlong(hu, 0), 0), first);
  const isIn = and(greaterOrEqual(place, 0), greater(cast(perSlab, 'float32'), place));
  const members = cast(isIn, 'float32');
  const byRow = transpose(cast(hu, 'float32'), [1, 0, 2]);
  const means = divide(matMul(members, byRow), reduceSum(members, { axes: [1], keep: true }));
  return {
    hu: transpose(means, [1, 0, 2]),
    spread: (found) => {
      const rest = found.shape.slice(1);
      const row = rest.reduce<number>((size, dimension) => size * fixed(dimension), 1);
      const spread = matMul(transpose(members, [1, 0]), reshape(found, ['slabs', row]));
      return reshape(spread, ['slices', ...rest]);
    },
  };
}

function fixed(dimension: Dimension): number {
  if (typeof dimension === 'number') return dimension;
  throw new IchorError('graph-shape', `what is found of a slab has a fixed size, not ${dimension}`);
}

/** How many slices of a series make a slab for these networks; one where they see slices as they are. */
export function slicesPerSlab({ slabMm }: NetworkSettings, sliceSpacingMm: number): number {
  if (slabMm === undefined || !(sliceSpacingMm > 0)) return 1;
  return Math.max(1, Math.round(slabMm / sliceSpacingMm));
}
