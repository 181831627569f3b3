import type { WeightedStatistics } from './bootstrap.ts';
import { type Confusion, f1Value, RATE_NAMES, type RateName, rateValue } from './confusion.ts';
import { checkSameLength } from './measurement.ts';

/** What a replicate gives of decisions. */
export type DecisionStatistic =
  | RateName
  | 'f1'
  | 'positiveLikelihoodRatio'
  | 'negativeLikelihoodRatio'
  | 'oneThresholdAuc';

/**
 * Rates, F1 and likelihood ratios of replicates, from each cluster's counts: a replicate costs as many steps as there
 * are clusters, however many rows they have.
 */
export function decisionStatistics(
  positive: ArrayLike<number | boolean>,
  called: ArrayLike<number | boolean>,
  clusters: ArrayLike<number>,
  clusterCount: number,
): WeightedStatistics<DecisionStatistic> {
  checkSameLength({ reference: positive, decision: called, clusters });
  // [cluster][true negatives, false positives, false negatives, true positives]
  const counts = new Float64Array(4 * clusterCount);
  for (let row = 0; row < positive.length; row++) {
    counts[4 * (clusters[row] as number) + (positive[row] ? 2 : 0) + (called[row] ? 1 : 0)]!++;
  }
  return (weights) => decisionValues(weightedConfusion(counts, weights));
}

function weightedConfusion(counts: Float64Array, weights: Uint16Array): Confusion {
  let [trueNegatives, falsePositives, falseNegatives, truePositives] = [0, 0, 0, 0];
  for (let cluster = 0; cluster < weights.length; cluster++) {
    const times = weights[cluster] as number;
    trueNegatives += times * (counts[4 * cluster] as number);
    falsePositives += times * (counts[4 * cluster + 1] as number);
    falseNegatives += times * (counts[4 * cluster + 2] as number);
    truePositives += times * (counts[4 * cluster + 3] as number);
  }
  return { trueNegatives, falsePositives, falseNegatives, truePositives };
}

/** All decision statistics of one confusion matrix; NaN where one has no value. */
export function decisionValues(c: Confusion): Record<DecisionStatistic, number> {
  const rates = Object.fromEntries(RATE_NAMES.map((rate) => [rate, rateValue(c, rate)]));
  const { sensitivity, specificity } = rates as Record<RateName, number>;
  return {
    ...(rates as Record<RateName, number>),
    f1: f1Value(c),
    positiveLikelihoodRatio: specificity === 1 ? Number.NaN : sensitivity / (1 - specificity),
    negativeLikelihoodRatio: specificity === 0 ? Number.NaN : (1 - sensitivity) / specificity,
    oneThresholdAuc: (sensitivity + specificity) / 2,
  };
}

/** Weighted means of replicates: Brier, log loss and the like, from each cluster's sums. */
export function meanStatistics<Name extends string>(
  values: Readonly<Record<Name, ArrayLike<number>>>,
  clusters: ArrayLike<number>,
  clusterCount: number,
): WeightedStatistics<Name> {
  const names = Object.keys(values) as Name[];
  const rows = new Float64Array(clusterCount);
  for (let row = 0; row < clusters.length; row++) rows[clusters[row] as number]!++;
  const sums = names.map((name) => clusterSums(values[name], clusters, clusterCount));
  return (weights) => {
    const total = weightedSum(rows, weights);
    const means = names.map((name, k) => [name, weightedSum(sums[k] as Float64Array, weights) / total]);
    return Object.fromEntries(means) as Record<Name, number>;
  };
}

function clusterSums(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  clusterCount: number,
): Float64Array {
  checkSameLength({ values, clusters });
  const sums = new Float64Array(clusterCount);
  for (let row = 0; row < values.length; row++) sums[clusters[row] as number]! += values[row] as number;
  return sums;
}

function weightedSum(sums: Float64Array, weights: Uint16Array): number {
  let total = 0;
  for (let cluster = 0; cluster < weights.length; cluster++) {
    total += (weights[cluster] as number) * (sums[cluster] as number);
  }
  return total;
}
