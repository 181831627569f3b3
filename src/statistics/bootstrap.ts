import { at, createRandom, RefusedInput } from '../base/index.ts';
import type { Measurement } from './measurement.ts';

/** Which patients each replicate draws: `clusters` draws with replacement out of `clusters`. */
export interface Resampling {
  readonly clusters: number;
  readonly replicates: number;
  /** How often each cluster is drawn by a replicate, written into `weights` (clusters). */
  weigh(replicate: number, weights: Uint16Array): void;
}

/** Patients drawn with a seed: each replicate from a stream of its own, so that any of them can be drawn alone. */
export function seededResampling(clusters: number, replicates: number, seed: number): Resampling {
  const root = createRandom(seed);
  return {
    clusters,
    replicates,
    weigh(replicate, weights) {
      weights.fill(0);
      const random = root.fork(`replicate ${replicate}`);
      for (let draw = 0; draw < clusters; draw++) weights[Math.floor(random.uniform() * clusters)]!++;
    },
  };
}

/**
 * The same draws, made once: one evaluation draws the same patients for each class, its rates and its curves.
 * Where they would take more than `mostBytes` they are drawn each time.
 */
export function keptResampling(resampling: Resampling, mostBytes = 2 ** 27): Resampling {
  const { clusters, replicates, weigh } = resampling;
  if (2 * clusters * replicates > mostBytes) return resampling;
  const kept: Uint16Array[] = [];
  return {
    clusters,
    replicates,
    weigh(replicate, weights) {
      const known = kept[replicate];
      if (known) return weights.set(known);
      weigh(replicate, weights);
      kept[replicate] = weights.slice();
    },
  };
}

/**
 * Patients as another program drew them: [replicate][draw] = cluster, from 0.
 * @throws RefusedInput `unknown-cluster`
 */
export function givenResampling(clusters: number, indices: readonly ArrayLike<number>[]): Resampling {
  for (const draws of indices) {
    for (const cluster of Array.from(draws)) {
      if (Number.isInteger(cluster) && cluster >= 0 && cluster < clusters) continue;
      throw new RefusedInput(
        'unknown-cluster',
        `a draw names cluster ${cluster}, expected 0 to ${clusters - 1}`,
      );
    }
  }
  return {
    clusters,
    replicates: indices.length,
    weigh(replicate, weights) {
      weights.fill(0);
      const draws = at(indices, replicate);
      for (let draw = 0; draw < draws.length; draw++) weights[at(draws, draw)]!++;
    },
  };
}

/** The draws of every replicate, each in ascending order, for another program to repeat: [replicate][draw]. */
export function exportResampling(resampling: Resampling): number[][] {
  const weights = new Uint16Array(resampling.clusters);
  return Array.from({ length: resampling.replicates }, (_, replicate) => {
    resampling.weigh(replicate, weights);
    return Array.from(weights).flatMap((times, cluster) => Array<number>(times).fill(cluster));
  });
}

/** Named statistics of a replicate, from how often each cluster was drawn; NaN where the replicate has none. */
export type WeightedStatistics<Name extends string> = (
  weights: Uint16Array,
) => Readonly<Record<Name, number>>;

/**
 * Replicates of statistics, all on the same draws.
 * @returns for each statistic one number a replicate, NaN where it had none
 */
export function bootstrap<Name extends string>(
  resampling: Resampling,
  statistics: WeightedStatistics<Name>,
): Readonly<Record<Name, Float64Array>> {
  const weights = new Uint16Array(resampling.clusters);
  const columns: Partial<Record<Name, Float64Array>> = {};
  for (let replicate = 0; replicate < resampling.replicates; replicate++) {
    resampling.weigh(replicate, weights);
    const values = statistics(weights);
    for (const name in values) {
      columns[name] ??= new Float64Array(resampling.replicates);
      columns[name][replicate] = values[name];
    }
  }
  return columns as Record<Name, Float64Array>;
}

/** A bootstrap interval with what it rests on. */
export type BootstrapInterval = Measurement & { readonly replicates: number; readonly dropped: number };

/**
 * The percentile interval around a value (Efron & Tibshirani 1993, chapter 13; quantiles of R's type 7).
 * Replicates without a value are left out and counted; empty where they are more than a tenth.
 */
export function percentileInterval(
  value: number,
  replicates: Float64Array,
  confidence = 0.95,
): BootstrapInterval {
  const usable = replicates.filter((replicate) => !Number.isNaN(replicate)).sort();
  const dropped = replicates.length - usable.length;
  const counts = { replicates: replicates.length, dropped };
  if (usable.length < 2 || dropped > replicates.length / 10) {
    return { empty: `${dropped} of ${replicates.length} resamples have no value`, ...counts };
  }
  const tail = (1 - confidence) / 2;
  const low = sortedQuantile(usable, tail);
  const high = sortedQuantile(usable, 1 - tail);
  return { value, low, high, standardError: standardDeviation(usable), ...counts };
}

/** Quantile of ascending values, linear between them (Hyndman & Fan's type 7, R's default). */
function sortedQuantile(ascending: ArrayLike<number>, share: number): number {
  const place = (ascending.length - 1) * share;
  const below = Math.floor(place);
  const low = at(ascending, below);
  const high = at(ascending, Math.min(below + 1, ascending.length - 1));
  return low + (place - below) * (high - low);
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
