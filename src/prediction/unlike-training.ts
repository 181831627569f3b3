import { at, floatsOf, type Tensor } from '../base/index.ts';
import type { TrainingReference } from '../network/index.ts';

/** How far a series lies from those that the model was trained on; beyond the limit its probabilities mean little. */
export interface Unlikeness {
  readonly distance: number;
  readonly limit: number;
}

/** A series is seen in so many parts from inferior to superior, so that one upside down is not like one upright. */
const PARTS = 3;

/** Maps [slices, channels, places] -> the mean of each map, [slices, channels]. */
export function meansOfMaps(maps: Tensor): Float32Array {
  const [slices, channels] = [at(maps.shape, 0), at(maps.shape, 1)];
  const values = floatsOf({ maps }, 'maps');
  const places = values.length / slices / channels;
  return Float32Array.from({ length: slices * channels }, (_, i) => {
    let sum = 0;
    for (let place = i * places; place < (i + 1) * places; place++) sum += at(values, place);
    return sum / places;
  });
}

/** Means of maps [slices, channels] -> their mean over each third of the slices, [3, channels]. */
export function meansOfParts(means: Float32Array, slices: number): Float32Array {
  const channels = means.length / slices;
  return Float32Array.from({ length: PARTS * channels }, (_, i) => {
    const part = Math.floor(i / channels);
    const from = Math.min(Math.floor((part * slices) / PARTS), slices - 1);
    const to = Math.max(Math.floor(((part + 1) * slices) / PARTS), from + 1);
    let sum = 0;
    for (let slice = from; slice < to; slice++) sum += at(means, slice * channels + (i % channels));
    return sum / (to - from);
  });
}

/** Mahalanobis' distance squared over the number of values: about 1 for what is like the training. */
export function unlikeness(reference: TrainingReference, parts: Float32Array): Unlikeness {
  const { mean, scale, directions, variances, otherVariance, limit } = reference;
  const size = mean.length;
  const values = parts.map((value, i) => (value - at(mean, i)) / at(scale, i));
  let rest = values.reduce((sum: number, value) => sum + value * value, 0);
  let distance = 0;
  for (const [d, variance] of variances.entries()) {
    let along = 0;
    for (let i = 0; i < size; i++) along += at(directions, d * size + i) * at(values, i);
    distance += along ** 2 / variance;
    rest -= along ** 2;
  }
  return { distance: (distance + Math.max(rest, 0) / otherVariance) / size, limit };
}
