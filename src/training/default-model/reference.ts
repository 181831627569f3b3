import { at, dot } from '../../base/index.ts';
import type { TrainingReference } from '../../network/index.ts';
import type { SeriesLook } from '../../prediction/index.ts';
import { principalDirections } from '../../statistics/index.ts';

/** Chosen by what it told apart, see docs/unlike-training.md. */
const DIRECTIONS = 10;
/** Maps that hardly differ within the training would turn every hair's breadth into a distance. */
const LEAST_SCALE = 0.3;
/** At most this share of the training's own series lies beyond the limit, each left out in turn. */
const BEYOND = 0.05;

type Distance = (reference: TrainingReference, look: SeriesLook) => { readonly distance: number };

/** The reference of series, each as the CNN's maps show it, with the limit and every series' distance when left out. */
export function fitReference(series: readonly SeriesLook[], about: string, distanceOf: Distance) {
  const thirds = series.map((look) => look.thirds);
  const leftOut = series.map((own) => {
    const others = thirds.filter((other) => other !== own.thirds);
    return distanceOf(fitted(others, about), own).distance;
  });
  const falling = leftOut.toSorted((a, b) => b - a);
  const limit = at(falling, Math.floor(BEYOND * series.length));
  return { reference: { ...fitted(thirds, about), limit }, leftOut };
}

type Facing = NonNullable<TrainingReference['facing']>;

/**
 * Tells heads as they lie from the same heads upside down: Fisher's discriminant of front less back, with the covariance
 * of the upright ones by probabilistic PCA.
 */
export function fitFacing(upright: readonly SeriesLook[], upsideDown: readonly SeriesLook[]): Facing {
  const { mean, scale, ...spread } = fitted(
    upright.map(({ frontLessBack }) => frontLessBack),
    '',
  );
  const shift = mean.map((value, i) => {
    const turned = meanOf(upsideDown.map(({ frontLessBack }) => at(frontLessBack, i)));
    return (turned - value) / at(scale, i);
  });
  const weights = whitened(shift, spread);
  const apart = dot(weights, shift);
  const direction = weights.map((weight, i) => weight / at(scale, i) / apart);
  return { direction, offset: -dot(direction, mean) };
}

/** Times the inverse of the covariance. */
function whitened(
  values: Float32Array,
  {
    directions,
    variances,
    otherVariance,
  }: Pick<TrainingReference, 'directions' | 'variances' | 'otherVariance'>,
): Float32Array {
  const result = values.map((value) => value / otherVariance);
  for (const [d, variance] of variances.entries()) {
    const direction = directions.subarray(d * values.length, (d + 1) * values.length);
    const along = dot(direction, values) * (1 / variance - 1 / otherVariance);
    for (const [i, part] of direction.entries()) result[i] = at(result, i) + along * part;
  }
  return result;
}

function fitted(series: readonly Float32Array[], about: string): TrainingReference {
  const size = at(series, 0).length;
  const column = (i: number) => series.map((own) => at(own, i));
  const mean = Float64Array.from({ length: size }, (_, i) => meanOf(column(i)));
  const deviations = Float64Array.from({ length: size }, (_, i) => deviationOf(column(i), at(mean, i)));
  const median = at(deviations.toSorted(), Math.floor(size / 2));
  const scale = deviations.map((deviation) => Math.max(deviation, LEAST_SCALE * median));
  const rows = series.map((own) =>
    Float64Array.from(own, (value, i) => (value - at(mean, i)) / at(scale, i)),
  );
  const { directions, variances, totalVariance } = principalDirections(rows, DIRECTIONS);
  const explained = variances.reduce((sum, variance) => sum + variance, 0);
  return {
    about,
    mean: Float32Array.from(mean),
    scale: Float32Array.from(scale),
    directions: Float32Array.from(directions.flatMap((direction) => [...direction])),
    variances,
    otherVariance: (totalVariance - explained) / (size - DIRECTIONS),
    limit: Infinity,
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const deviationOf = (values: readonly number[], mean: number): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
