/**
 * Numbers in, numbers out: the statistics of a diagnostic study, each with its reference.
 *
 * @example
 * const ranked = rankScores([0.9, 0.4, 0.6, 0.1], [1, 1, 0, 0]);
 * const area = delong(ranked); // { value: 0.75, low, high, standardError } or { empty: reason }
 */

// Model and reader at one specificity

export { advantageInterval, weightedAdvantage } from './advantage.ts';

// Raters

export { cohenKappa, fleissKappa, percentAgreement } from './agreement.ts';

// AUC: Mann-Whitney, DeLong, Obuchowski

export type { DelongEstimate, PairedDelong } from './auc.ts';
export { auc, delong, pairedDelong, placementCovariances, placements } from './auc.ts';

// Resampling by patient

export type { BootstrapInterval, Resampling, WeightedStatistics } from './bootstrap.ts';
export {
  bootstrap,
  exportResampling,
  givenResampling,
  keptResampling,
  percentileInterval,
  seededResampling,
} from './bootstrap.ts';

// Calibration

export type { Calibration, ReliabilityBin } from './calibration.ts';
export { calibrationOf, reliabilityBins } from './calibration.ts';
export { clusteredAuc, clusteredCovariances, pairedClusteredAuc } from './clustered-auc.ts';
export type { ClusteredPairs } from './clustered-pairs.ts';
export { clusteredPairs } from './clustered-pairs.ts';
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

// Tests and regression

export { benjaminiHochberg } from './benjamini-hochberg.ts';
export { holm } from './holm.ts';
export type { ChiSquared, TestResult } from './hypothesis-tests.ts';
export { chiSquared, oneWayAnova } from './hypothesis-tests.ts';
export type { KolmogorovSmirnov } from './kolmogorov-smirnov.ts';
export { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
export { fitLogistic } from './logistic.ts';
export type { McNemar } from './mcnemar.ts';
export { mcNemar } from './mcnemar.ts';

// What a statistic yields

export type { Empty, Estimate, Measurement } from './measurement.ts';
export { isEmpty, withoutInterval } from './measurement.ts';

// Several readers

export type {
  ErrorCovariances,
  ModelAgainstReaders,
  ObuchowskiRockette,
  ReaderStudy,
  ReaderTest,
} from './multi-reader.ts';
export { modelAgainstReaders, obuchowskiRockette } from './multi-reader.ts';
export type { ReaderVariances, TestedDifference } from './reader-study.ts';
export { meanCovariances, notInferiorP, readerVariances, testDifference } from './reader-study.ts';

// Operating points

export type { ChosenPoint, OperatingRule } from './operating-points.ts';
export { chooseOperatingPoint, describeRule } from './operating-points.ts';

// Predictive values at a prevalence

export type { PredictiveValues } from './prevalence.ts';
export { predictiveValuesAt } from './prevalence.ts';

// Scores of probabilities

export {
  brierTerms,
  LOG_LOSS_MARGIN,
  logLossTerms,
  meanOfTerms,
  weightedLogLoss,
} from './probability-scores.ts';

// Principal components

export type { PrincipalDirections } from './principal-directions.ts';
export { principalDirections } from './principal-directions.ts';

// Proportions

export { clopperPearson, wilson } from './proportion.ts';

// Queues

export type { Queue } from './queue-waits.ts';
export { meanWaits } from './queue-waits.ts';

// Ranks

export type { RankedScores } from './ranked-scores.ts';
export { rankScores } from './ranked-scores.ts';

// Recalibration

export type { Recalibration } from './recalibration.ts';
export { fitPlatt, fitTemperature, impliedThreshold } from './recalibration.ts';

// Intervals on other scales

export type { ResampledScale, ScaleName } from './scaled-interval.ts';
export { resampledInterval, scaledInterval } from './scaled-interval.ts';

// Means and ranges

export type { Summary } from './summary.ts';
export { nearestRank, summarise } from './summary.ts';

// Statistics of replicates

export type { DecisionStatistic } from './weighted-confusion.ts';
export { decisionStatistics, decisionValues, meanStatistics } from './weighted-confusion.ts';
export { rankingStatistics } from './weighted-ranking.ts';
export type { RocBandPoint } from './weighted-roc.ts';
export { rocBand, weightedRoc } from './weighted-roc.ts';
