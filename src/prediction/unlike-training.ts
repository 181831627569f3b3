import { at, dot, floatsOf, type Tensor } from '../base/index.ts';
import type { TrainingReference } from '../network/index.ts';

/** How far a series lies from those that the model was trained on; beyond the limit its probabilities mean little. */
export interface Unlikeness {
  readonly distance: number;
  readonly limit: number;
  /** 0 as the training's heads lie, 1 as they look with front and back exchanged; absent where the model cannot tell. */
  readonly upsideDown?: number | undefined;
}

/** A series as the CNN's last maps show it. */
export interface SeriesLook {
  /** [3, channels]: the mean of each map over the lower, middle and upper third. */
  readonly thirds: Float32Array;
  /** [3, channels], by thirds as well: the mean in the front half of the slices less that in the back half. */
  readonly frontLessBack: Float32Array;
}

/** From here on front and back of a head are taken to be exchanged: halfway. */
const UPSIDE_DOWN = 0.5;
/** A series is seen in so many parts from inferior to superior, so that one upside down is not like one upright. */
const PARTS = 3;
/** Front and back of each slice. */
const HALVES = 2;

export const isUnlike = ({ distance, limit, upsideDown = 0 }: Unlikeness): boolean =>
  distance > limit || isUpsideDown({ upsideDown });

export const isUpsideDown = ({ upsideDown = 0 }: Pick<Unlikeness, 'upsideDown'>): boolean =>
  upsideDown > UPSIDE_DOWN;

/** Maps [slices, channels, rows, columns] -> the mean of the front and of the back half of each, [slices, channels, 2]. */
export function meansOfMaps(maps: Tensor): Float32Array {
  const values = floatsOf({ maps }, 'maps');
  const means = new Float32Array(at(maps.shape, 0) * at(maps.shape, 1) * HALVES);
  const half = values.length / means.length;
  // A plain walk: some millions of values for every series
  for (let i = 0, place = 0; i < means.length; i++) {
    let sum = 0;
    for (const end = (i + 1) * half; place < end; place++) sum += values[place] ?? 0;
    means[i] = sum / half;
  }
  return means;
}

/** Means of maps [slices, channels, 2] -> the whole series. */
export function lookOf(means: Float32Array, slices: number): SeriesLook {
  const channels = means.length / slices / HALVES;
  const [thirds, frontLessBack] = [new Float32Array(PARTS * channels), new Float32Array(PARTS * channels)];
  for (let part = 0; part < PARTS; part++) {
    const from = Math.min(Math.floor((part * slices) / PARTS), slices - 1);
    const to = Math.max(Math.floor(((part + 1) * slices) / PARTS), from + 1);
    for (let channel = 0; channel < channels; channel++) {
      const half = (which: 0 | 1): number => {
        let sum = 0;
        for (let slice = from; slice < to; slice++)
          sum += at(means, (slice * channels + channel) * HALVES + which);
        return sum / (to - from);
      };
      const [front, back] = [half(0), half(1)];
      thirds[part * channels + channel] = (front + back) / 2;
      frontLessBack[part * channels + channel] = front - back;
    }
  }
  return { thirds, frontLessBack };
}

/** Mahalanobis' distance squared over the number of values, about 1 for what is like the training; and how the head lies. */
export function unlikeness(reference: TrainingReference, look: SeriesLook): Unlikeness {
  const { facing, limit } = reference;
  const distance = distanceOf(reference, look.thirds);
  return { distance, limit, ...(facing && { upsideDown: upsideDownness(facing, look) }) };
}

/** 0 as the training's heads lie, 1 as they look with front and back exchanged. */
export const upsideDownness = (
  { direction, offset }: NonNullable<TrainingReference['facing']>,
  { frontLessBack }: SeriesLook,
): number => offset + dot(direction, frontLessBack);

function distanceOf(reference: TrainingReference, thirds: Float32Array): number {
  const { mean, scale, directions, variances, otherVariance } = reference;
  const size = mean.length;
  const values = thirds.map((value, i) => (value - at(mean, i)) / at(scale, i));
  let rest = dot(values, values);
  let distance = 0;
  for (const [d, variance] of variances.entries()) {
    const along = dot(directions.subarray(d * size, (d + 1) * size), values);
    distance += along ** 2 / variance;
    rest -= along ** 2;
  }
  return (distance + Math.max(rest, 0) / otherVariance) / size;
}
