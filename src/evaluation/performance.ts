import {
  auc,
  averagePrecision,
  type BootstrapInterval,
  bootstrap,
  brierTerms,
  type Calibration,
  type Confusion,
  calibrationOf,
  clopperPearson,
  clusteredAuc,
  confusionAt,
  type DecisionStatistic,
  decisionStatistics,
  decisionValues,
  delong,
  isEmpty,
  logLossTerms,
  type Measurement,
  meanOfTerms,
  meanStatistics,
  negativeLikelihoodRatio,
  percentileInterval,
  positiveLikelihoodRatio,
  RATE_NAMES,
  type RateName,
  type ReliabilityBin,
  rankingStatistics,
  rankScores,
  rateRatio,
  reliabilityBins,
  seededResampling,
  wilson,
} from '../statistics/index.ts';

/** Rows to be judged, in plain arrays that a worker can be sent. */
export interface JudgedRows {
  readonly values: Float64Array;
  readonly positive: Uint8Array;
  /** 0 .. patientCount - 1. */
  readonly patients: Uint32Array;
  readonly patientCount: number;
}

export interface JudgeOptions {
  /** Positive from here on. */
  readonly threshold: number;
  readonly confidence: number;
  readonly replicates: number;
  readonly seed: number;
  /** Decisions of a reader: no curve, no calibration. */
  readonly decisionsOnly?: boolean;
}

/** Measures besides the rates. */
export type MeasureName =
  | RateName
  | 'positiveLikelihoodRatio'
  | 'negativeLikelihoodRatio'
  | 'f1'
  | 'auc'
  | 'averagePrecision'
  | 'oneThresholdAuc'
  | 'brier'
  | 'logLoss'
  | 'calibrationSlope'
  | 'calibrationIntercept'
  | 'calibrationInTheLarge';

/** How an interval was made; the methods paragraph names those that were used. */
export type IntervalMethod =
  | 'Wilson'
  | 'DeLong'
  | 'Obuchowski'
  | 'Simel'
  | 'patient bootstrap'
  | 'Wald'
  | 'Wald, by patient';

/** A number with the way in which its interval was made. */
export type Measured = Measurement & { readonly method: IntervalMethod };

/** All measures of one source on one population. */
export interface Performance {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  readonly patients: number;
  readonly threshold: number;
  readonly confusion: Confusion;
  readonly measures: Readonly<Partial<Record<MeasureName, Measured>>>;
  /** Clopper and Pearson's intervals of the rates, where rows are independent. */
  readonly exact: Readonly<Partial<Record<RateName, Measurement>>>;
  /** AUC by patient bootstrap, beside the analytic one. */
  readonly bootstrapAuc?: Measured;
  readonly bins: readonly ReliabilityBin[];
}

/**
 * Every measure of one source on one population. Where each patient has one row, rates take Wilson's interval and the
 * AUC DeLong's; where patients have several, rates are resampled by patient and the AUC's variance is Obuchowski's.
 */
export function judge(rows: JudgedRows, options: JudgeOptions): Performance {
  const { values, positive, patientCount } = rows;
  const confusion = confusionAt(values, positive, options.threshold);
  const positives = positive.reduce((sum, flag) => sum + flag, 0);
  const independent = patientCount === values.length;
  const replicated = replicate(rows, options);
  const intervals = { ...rateIntervals(confusion, independent, replicated, options.confidence) };
  return {
    rows: values.length,
    positives,
    negatives: values.length - positives,
    patients: patientCount,
    threshold: options.threshold,
    confusion,
    measures: {
      ...intervals,
      ...decisionMeasures(confusion, independent, replicated, options.confidence),
      ...(options.decisionsOnly ? {} : scoreMeasures(rows, independent, replicated, options)),
    },
    exact: independent ? exactIntervals(confusion, options.confidence) : {},
    ...(options.decisionsOnly ? {} : bootstrapAucOf(rows, replicated, options.confidence)),
    bins: options.decisionsOnly ? [] : reliabilityBins(values, positive, 10, options.confidence),
  };
}

type Replicates = Partial<
  Record<DecisionStatistic | 'auc' | 'averagePrecision' | 'brier' | 'logLoss', Float64Array>
>;

function replicate(rows: JudgedRows, options: JudgeOptions): Replicates {
  const { values, positive, patients, patientCount } = rows;
  if (options.replicates === 0 || patientCount === 0) return {};
  const resampling = seededResampling(patientCount, options.replicates, options.seed);
  const called = Uint8Array.from(values, (value) => (value >= options.threshold ? 1 : 0));
  const decisions = decisionStatistics(positive, called, patients, patientCount);
  if (options.decisionsOnly) return bootstrap(resampling, decisions);
  const ranking = rankingStatistics(rankScores(values, positive), patients);
  const terms = { brier: brierTerms(values, positive), logLoss: logLossTerms(values, positive) };
  const means = meanStatistics(terms, patients, patientCount);
  return bootstrap(resampling, (weights) => ({
    ...decisions(weights),
    ...ranking(weights),
    ...means(weights),
  }));
}

function resampled(
  value: number,
  replicates: Float64Array | undefined,
  confidence: number,
  why: string,
): Measured {
  if (Number.isNaN(value)) return { empty: why, method: 'patient bootstrap' };
  if (!replicates) return { empty: 'not resampled', method: 'patient bootstrap' };
  const interval: BootstrapInterval = percentileInterval(value, replicates, confidence);
  // where no resample differs from the value the spread is not estimated, it is not 0
  const flat = !isEmpty(interval) && interval.low === value && interval.high === value;
  const spread = flat ? { low: Number.NaN, high: Number.NaN } : {};
  return { ...interval, ...spread, method: 'patient bootstrap' };
}

function rateIntervals(
  confusion: Confusion,
  independent: boolean,
  replicated: Replicates,
  confidence: number,
): Record<RateName, Measured> {
  const one = (rate: RateName): Measured => {
    const { of, among, why } = rateRatio(confusion, rate);
    if (among === 0) return { empty: why, method: 'Wilson' };
    if (independent) return { ...wilson(of, among, confidence), method: 'Wilson' };
    return resampled(of / among, replicated[rate], confidence, why);
  };
  return Object.fromEntries(RATE_NAMES.map((rate) => [rate, one(rate)])) as Record<RateName, Measured>;
}

function exactIntervals(confusion: Confusion, confidence: number): Partial<Record<RateName, Measurement>> {
  const one = (rate: RateName): Measurement => {
    const { of, among, why } = rateRatio(confusion, rate);
    return among === 0 ? { empty: why } : clopperPearson(of, among, confidence);
  };
  return Object.fromEntries(RATE_NAMES.map((rate) => [rate, one(rate)]));
}

const WHY_EMPTY = {
  f1: 'nothing is positive and nothing was called so',
  positiveLikelihoodRatio: 'no false positive, or a class is missing',
  negativeLikelihoodRatio: 'no true negative, or a class is missing',
  oneThresholdAuc: 'a class is missing',
} as const;

function decisionMeasures(
  confusion: Confusion,
  independent: boolean,
  replicated: Replicates,
  confidence: number,
): Record<keyof typeof WHY_EMPTY, Measured> {
  const values = decisionValues(confusion);
  const names = Object.keys(WHY_EMPTY) as (keyof typeof WHY_EMPTY)[];
  const by = Object.fromEntries(
    names.map((name) => [name, resampled(values[name], replicated[name], confidence, WHY_EMPTY[name])]),
  ) as Record<keyof typeof WHY_EMPTY, Measured>;
  if (!independent) return by;
  return {
    ...by,
    positiveLikelihoodRatio: { ...positiveLikelihoodRatio(confusion, confidence), method: 'Simel' },
    negativeLikelihoodRatio: { ...negativeLikelihoodRatio(confusion, confidence), method: 'Simel' },
  };
}

function scoreMeasures(
  rows: JudgedRows,
  independent: boolean,
  replicated: Replicates,
  options: JudgeOptions,
) {
  const { values, positive, patients } = rows;
  const { confidence } = options;
  const ranked = rankScores(values, positive);
  const area: Measured = independent
    ? { ...widthless(delong(ranked, confidence)), method: 'DeLong' }
    : { ...widthless(clusteredAuc(ranked, patients, confidence)), method: 'Obuchowski' };
  const around = (
    m: { readonly value: number } | { readonly empty: string },
    name: keyof Replicates,
  ): Measured =>
    isEmpty(m) ? { ...m, method: 'patient bootstrap' } : resampled(m.value, replicated[name], confidence, '');
  const calibration: Calibration = calibrationOf(
    values,
    positive,
    confidence,
    independent ? undefined : patients,
  );
  const method: IntervalMethod = independent ? 'Wald' : 'Wald, by patient';
  return {
    auc: area,
    averagePrecision: around(averagePrecision(ranked), 'averagePrecision'),
    brier: around(meanOfTerms(brierTerms(values, positive)), 'brier'),
    logLoss: around(meanOfTerms(logLossTerms(values, positive)), 'logLoss'),
    calibrationSlope: { ...calibration.slope, method },
    calibrationIntercept: { ...calibration.intercept, method },
    calibrationInTheLarge: { ...calibration.inTheLarge, method },
  };
}

/** An estimated variance of 0 (perfect separation) is no certainty: the value stays, the interval goes. */
export function widthless(measurement: Measurement): Measurement {
  if (isEmpty(measurement) || measurement.standardError !== 0) return measurement;
  return { ...measurement, low: Number.NaN, high: Number.NaN };
}

function bootstrapAucOf(
  rows: JudgedRows,
  replicated: Replicates,
  confidence: number,
): { bootstrapAuc?: Measured } {
  const area = auc(rankScores(rows.values, rows.positive));
  if (isEmpty(area) || !replicated.auc) return {};
  return { bootstrapAuc: resampled(area.value, replicated.auc, confidence, '') };
}
