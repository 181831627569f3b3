import { percentileInterval, type Resampling } from './bootstrap.ts';
import { checkSameLength, type Empty, isEmpty, missingClass } from './measurement.ts';
import { type RankedScores, tieEnd } from './ranked-scores.ts';

/** Sensitivities of a replicate at false positive rates (ascending, 0..1); NaN where it lacks a class. */
export type WeightedRoc = (weights: Uint16Array, rates: ArrayLike<number>) => Float64Array;

/**
 * The ROC curve of replicates: straight between the points of distinct scores; where it rises at one rate, the upper
 * end. Rows are sorted once, and a replicate is one pass.
 * @param clusters 0 .. number - 1 of each given row's cluster, in the rows' given order
 */
export function weightedRoc(ranked: RankedScores, clusters: ArrayLike<number>): WeightedRoc {
  checkSameLength({ scores: ranked.scores, clusters });
  const { rows, scores, positive, order } = ranked;
  const ofRank = Uint32Array.from(order, (row) => clusters[row] as number);
  const starts: number[] = [];
  for (let start = 0; start < rows; start = tieEnd(scores, start)) starts.push(start);
  return (weights, rates) => {
    const found = new Float64Array(rates.length).fill(Number.NaN);
    const total = gains(0, rows, weights);
    if (total.positives === 0 || total.negatives === 0) return found;
    let [called, alarms, next] = [0, 0, 0];
    for (let step = starts.length - 1; step >= 0 && next < rates.length; step--) {
      const gained = gains(starts[step] as number, starts[step + 1] ?? rows, weights);
      for (; next < rates.length; next++) {
        const beyond = (rates[next] as number) * total.negatives - alarms;
        // 0.29 of 100 comes out below 29: a rate at a step's foot must not lose the step
        if (beyond >= gained.negatives - 1e-9 * total.negatives) break;
        found[next] = (called + (gained.positives * beyond) / gained.negatives) / total.positives;
      }
      called += gained.positives;
      alarms += gained.negatives;
    }
    return found.fill(1, next);
  };

  function gains(start: number, end: number, weights: Uint16Array) {
    let [positives, negatives] = [0, 0];
    for (let rank = start; rank < end; rank++) {
      const times = weights[ofRank[rank]!]!;
      if (positive[rank] === 1) positives += times;
      else negatives += times;
    }
    return { positives, negatives };
  }
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
