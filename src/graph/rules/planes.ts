import { fixedSizes } from '../dimension.ts';
import { pad, transpose } from '../forms/layout.ts';
import { fixedDimension, type Value } from '../value.ts';

export const channelsOf = (value: Value): number => fixedDimension('a gradient', value, 1);

/** The sizes behind [N, channels]. */
export const spaceOf = (value: Value): number[] => fixedSizes(value.shape.slice(2));

/** Zeros before and after on each axis of space, or what stands there cut off where a number is negative. */
export const padSpace = (x: Value, before: readonly number[], after: readonly number[]): Value =>
  [...before, ...after].every((n) => n === 0) ? x : pad(x, [0, 0, ...before], [0, 0, ...after]);

/** [N, channels, ...] -> [channels, N, ...]: then one product sums over the slices as well. */
export const channelsFirst = (value: Value): Value =>
  transpose(value, [1, 0, ...spaceOf(value).map((_, axis) => axis + 2)]);
