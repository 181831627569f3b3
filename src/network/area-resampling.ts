import {
  add,
  and,
  cast,
  clip,
  type Dimension,
  divide,
  floats,
  greater,
  greaterOrEqual,
  indexAlong,
  matMul,
  maximum,
  minimum,
  multiply,
  type Operand,
  reshape,
  subtract,
  unsqueeze,
  type Value,
} from '../graph/index.ts';

/** A stretch of one axis, in pixels counted from the image's edge: scalars, known at the run or before. */
export interface Stretch {
  readonly start: Operand;
  readonly size: Operand;
}

/**
 * The matrix [count, pixels] that resamples a stretch of an axis to `count` pixels: each is the mean over its own
 * extent, or over one source pixel where it is smaller. Shrinking averages without aliasing, enlarging is linear
 * with half-pixel centres, halving is the mean of two. Beyond the image lie zeros.
 */
export function areaMatrix(pixels: Value, stretch: Stretch, count: number): Value {
  const step = divide(stretch.size, count);
  const extent = maximum(step, 1);
  const half = multiply(extent, 0.5);
  const places = floats(
    Array.from({ length: count }, (_, i) => i + 0.5),
    [count, 1],
  );
  const centres = add(multiply(places, step), stretch.start);
  const left = unsqueeze(pixels, 0);
  const overlap = subtract(minimum(add(centres, half), add(left, 1)), maximum(subtract(centres, half), left));
  return divide(maximum(overlap, 0), extent);
}

/** Images [slices, rows, columns] -> [slices, count, count'] by one matrix on either side. */
export const resampleBy = (images: Value, rowMatrix: Value, columnMatrix: Value): Value =>
  matMul(matMul(rowMatrix, images), columnMatrix, { transposeB: true });

/** The places of an axis whose length is known before the run. */
export const wholeAxis = (length: number): Value => floats(Array.from({ length }, (_, i) => i));

/** The pixels' places along an axis of the slices [slices, rows, columns], from 0. */
export const rowPlaces = (hu: Value): Value => indexAlong(hu, 1);
export const columnPlaces = (hu: Value): Value => indexAlong(hu, 2);

/**
 * The matrix [pixels, count] that spreads `count` cells, which cover a stretch of an axis, over the axis' pixels:
 * linear between the cells' centres, constant in the outer half cells, zero beyond the stretch.
 */
export function spreadMatrix(pixels: Value, stretch: Stretch, count: number): Value {
  const centres = add(pixels, 0.5);
  const cells = multiply(divide(subtract(centres, stretch.start), stretch.size), count);
  const held = reshape(clip(cells, 0.5, count - 0.5), [pixels.shape[0] as Dimension, 1]);
  const places = floats(
    Array.from({ length: count }, (_, j) => j + 0.5),
    [1, count],
  );
  const weights = maximum(subtract(1, distance(held, places)), 0);
  return multiply(weights, reshape(isWithin(cells, count), [pixels.shape[0] as Dimension, 1]));
}

const distance = (a: Value, b: Value): Value => maximum(subtract(a, b), subtract(b, a));

/** 1 where 0 <= x < count, else 0. */
const isWithin = (x: Value, count: number): Value =>
  cast(and(greaterOrEqual(x, 0), greater(count, x)), 'float32');
