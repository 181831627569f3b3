/**
 * Numbers in, numbers out: the statistics of a diagnostic study, each with its reference.
 *
 * @example
 * const ranked = rankScores([0.9, 0.4, 0.6, 0.1], [1, 1, 0, 0]);
 * const area = delong(ranked); // { value: 0.75, low, high, standardError } or { empty: reason }
 */

// AUC: Mann-Whitney, DeLong, Obuchowski
export type { DelongEstimate, PairedDelong } from './auc.ts';
export { auc, delong, pairedDelong, placementCovariances, placements } from './auc.ts';
// Resampling by patient
export type { BootstrapInterval, Resampling, WeightedStatistics } from './bootstrap.ts';
export {
  bootstrap,
  exportResampling,
  givenResampling,
  percentileInterval,
  seededResampling,
  sortedQuantile,
} from './bootstrap.ts';
export { clusteredAuc } from './clustered-auc.ts';
export type { Clusters } from './clusters.ts';
export { numberClusters } from './clusters.ts';
// Decisions
export type { Confusion, RateName, Ratio } from './confusion.ts';
export {
  confusionAt,
  confusionOf,
  f1Value,
  negativeLikelihoodRatio,
  oneThresholdAuc,
  positiveLikelihoodRatio,
  RATE_NAMES,
  rateRatio,
  rateValue,
  rowsOf,
} from './confusion.ts';
// Curves
export type { ThresholdPoint } from './curves.ts';
export { averagePrecision, thresholdPoints } from './curves.ts';
// What a statistic yields
export type { Empty, Estimate, Measurement } from './measurement.ts';
export { isEmpty } from './measurement.ts';
export { clopperPearson, wilson } from './proportion.ts';
export type { RankedScores } from './ranked-scores.ts';
export { rankScores } from './ranked-scores.ts';
export type { DecisionStatistic } from './weighted-confusion.ts';
export { decisionStatistics, decisionValues, meanStatistics } from './weighted-confusion.ts';
export { rankingStatistics } from './weighted-ranking.ts';
