import { percentileInterval, type Resampling } from './bootstrap.ts';
import { checkSameLength, type Empty, isEmpty, missingClass } from './measurement.ts';
import type { RankedScores } from './ranked-scores.ts';
import { layOutSteps, mostCluster, type RankedSteps } from './weighted-ranking.ts';

/** Sensitivities of a replicate at false positive rates (ascending, 0..1); NaN where it lacks a class. */
export type WeightedRoc = (weights: Uint16Array, rates: ArrayLike<number>) => Float64Array;

/**
 * The ROC curve of replicates: straight between the points of distinct scores; where it rises at one rate, the upper
 * end. Rows are sorted once, and a replicate is one pass.
 * @param clusters 0 .. number - 1 of each given row's cluster, in the rows' given order
 */
export function weightedRoc(ranked: RankedScores, clusters: ArrayLike<number>): WeightedRoc {
  checkSameLength({ scores: ranked.scores, clusters });
  const counts = clusterCounts(ranked, clusters);
  const steps = layOutSteps(ranked, clusters);
  return (weights, rates) => {
    const total = totals(counts, weights);
    if (total[0] === 0 || total[1] === 0) return new Float64Array(rates.length).fill(Number.NaN);
    return walk(steps, weights, rates, total);
  };
}

function walk(
  { clusters: ofRow, ends }: RankedSteps,
  weights: Uint16Array,
  rates: ArrayLike<number>,
  [negatives, positives]: readonly [number, number],
): Float64Array {
  const found = new Float64Array(rates.length);
  // 0.29 of 100 comes out below 29: a rate at a step's foot must not lose the step
  const rounding = 1e-9 * negatives;
  let [called, alarms, next, row] = [0, 0, 0, 0];
  /** Rates before the next `further` negatives are passed, while `risen` positives are. */
  const pass = (further: number, risen: number): void => {
    for (; next < rates.length; next++) {
      const beyond = (rates[next] as number) * negatives - alarms;
      if (beyond >= further - rounding) break;
      found[next] = (called + (risen * beyond) / further) / positives;
    }
    alarms += further;
    called += risen;
  };
  for (let step = 0; step < ends.length && next < rates.length; step += 3) {
    let above = 0;
    for (const end = ends[step]!; row < end; row++) above += weights[ofRow[row]!]!;
    pass(above, 0);
    let tied = 0;
    for (const end = ends[step + 1]!; row < end; row++) tied += weights[ofRow[row]!]!;
    let risen = 0;
    for (const end = ends[step + 2]!; row < end; row++) risen += weights[ofRow[row]!]!;
    pass(tied, risen);
  }
  return found.fill(1, next);
}

/** Negatives and positives of each cluster: [cluster][negatives, positives]. */
function clusterCounts({ order, positive }: RankedScores, clusters: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(2 * (mostCluster(clusters) + 1));
  for (let rank = 0; rank < order.length; rank++) counts[2 * clusters[order[rank]!]! + positive[rank]!]!++;
  return counts;
}

function totals(counts: Float64Array, weights: Uint16Array): [negatives: number, positives: number] {
  let [negatives, positives] = [0, 0];
  for (let cluster = 0; 2 * cluster < counts.length; cluster++) {
    negatives += weights[cluster]! * counts[2 * cluster]!;
    positives += weights[cluster]! * counts[2 * cluster + 1]!;
  }
  return [negatives, positives];
}

/** One point of a ROC curve with the interval of its sensitivity. */
export interface RocBandPoint {
  readonly falsePositiveRate: number;
  readonly sensitivity: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A ROC curve's sensitivity at chosen false positive rates with pointwise percentile intervals of resampled clusters
 * (Efron & Tibshirani 1993, chapter 13). Empty without both classes; points whose replicates lack one are left out.
 */
export function rocBand(
  ranked: RankedScores,
  clusters: ArrayLike<number>,
  resampling: Resampling,
  rates: readonly number[],
  confidence = 0.95,
): readonly RocBandPoint[] | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives);
  if (missing) return missing;
  const roc = weightedRoc(ranked, clusters);
  const weights = new Uint16Array(resampling.clusters).fill(1);
  const itself = roc(weights, rates);
  const drawn = rates.map(() => new Float64Array(resampling.replicates));
  for (let replicate = 0; replicate < resampling.replicates; replicate++) {
    resampling.weigh(replicate, weights);
    roc(weights, rates).forEach((sensitivity, k) => {
      (drawn[k] as Float64Array)[replicate] = sensitivity;
    });
  }
  return rates.flatMap((falsePositiveRate, k): RocBandPoint[] => {
    const sensitivity = itself[k] as number;
    const interval = percentileInterval(sensitivity, drawn[k] as Float64Array, confidence);
    if (isEmpty(interval)) return [];
    return [{ falsePositiveRate, sensitivity, low: interval.low, high: interval.high }];
  });
}
