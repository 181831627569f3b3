import { at } from '../../base/index.ts';
import {
  type Confusion,
  clopperPearson,
  decisionValues,
  isEmpty,
  type Measurement,
  negativeLikelihoodRatio,
  positiveLikelihoodRatio,
  predictiveValuesAt,
  RATE_NAMES,
  type RateName,
  type ResampledScale,
  rateRatio,
  resampledInterval,
  wilson,
  withoutInterval,
} from '../../statistics/index.ts';
import type { JudgedRows, Measured, PredictiveAt, Replicates } from './measures.ts';
import { widthless } from './widthless.ts';

/** A value with the interval of its replicates; without replicates, or with too few of use, alone. */
export function resampled(
  value: number,
  replicates: Float64Array | undefined,
  how: ResampledScale,
  why: string,
): Measured {
  const method = how.scale === 'percentile' ? 'percentiles of patients' : 'patient bootstrap';
  if (Number.isNaN(value)) return { empty: why, method };
  if (!replicates) return { ...withoutInterval(value, 'not resampled'), method };
  const interval = resampledInterval(value, replicates, how);
  if (isEmpty(interval)) return { ...withoutInterval(value, interval.empty), method };
  // where no resample differs from the value the spread is not estimated, it is not 0
  const flat = interval.high - interval.low <= 1e-12 * Math.abs(value);
  return { ...(flat ? withoutInterval(value, 'estimated variance 0') : interval), method };
}

/** What intervals of rates and their like are made from. */
export interface RateQuestion {
  readonly rows: JudgedRows;
  readonly confusion: Confusion;
  readonly replicated: Replicates;
  readonly threshold: number;
  readonly confidence: number;
  /** Of resampled patients: those of the rarer class, less one. */
  readonly degreesOfFreedom: number;
}

/** The rates: Wilson where each patient has one row, else resampled by patient. */
export function rateIntervals(question: RateQuestion): Record<RateName, Measured> {
  const { rows, confusion, replicated, confidence, degreesOfFreedom } = question;
  const how = { scale: 'logit', confidence, degreesOfFreedom } as const;
  const independent = rows.patientCount === rows.values.length;
  const one = (rate: RateName): Measured => {
    const { of, among, why } = rateRatio(confusion, rate);
    if (among === 0) return { empty: why, method: 'Wilson' };
    if (independent) return { ...wilson(of, among, confidence), method: 'Wilson' };
    if (replicated[rate] && (of === 0 || of === among)) return extreme(rate, of > 0, question);
    return resampled(of / among, replicated[rate], how, why);
  };
  return Object.fromEntries(RATE_NAMES.map((rate) => [rate, one(rate)])) as Record<RateName, Measured>;
}

/** Whether a row counts in a rate's denominator, by its reference and decision. */
const COUNTS: Readonly<Record<RateName, (positive: boolean, called: boolean) => boolean>> = {
  accuracy: () => true,
  sensitivity: (positive) => positive,
  specificity: (positive) => !positive,
  ppv: (_, called) => called,
  npv: (_, called) => !called,
};

/**
 * A rate of 0 or 1 on clustered rows: no resample differs, so that the design's effect cannot be estimated. Each patient
 * then counts as one trial, as if the rows of a patient told the same thing: Wilson's interval on the patients, which
 * errs to the wide side.
 */
function extreme(rate: RateName, all: boolean, { rows, threshold, confidence }: RateQuestion): Measured {
  const patients = new Set<number>();
  for (let row = 0; row < rows.values.length; row++) {
    const called = at(rows.values, row) >= threshold;
    if (COUNTS[rate](rows.positive[row] === 1, called)) patients.add(at(rows.patients, row));
  }
  return {
    ...wilson(all ? patients.size : 0, patients.size, confidence),
    method: 'Wilson, on patients',
  };
}

/** Clopper and Pearson's intervals. */
export function exactIntervals(
  confusion: Confusion,
  confidence: number,
): Partial<Record<RateName, Measurement>> {
  const one = (rate: RateName): Measurement => {
    const { of, among, why } = rateRatio(confusion, rate);
    return among === 0 ? { empty: why } : clopperPearson(of, among, confidence);
  };
  return Object.fromEntries(RATE_NAMES.map((rate) => [rate, one(rate)]));
}

/** Why a measure may be empty, and the scale of its interval: F1's percentiles cover well, by measurement. */
const OF_DECISIONS = {
  f1: { why: 'no positives', scale: 'percentile' },
  positiveLikelihoodRatio: { why: 'no false positive, or a class is missing', scale: 'log' },
  negativeLikelihoodRatio: { why: 'no true negative, or a class is missing', scale: 'log' },
  oneThresholdAuc: { why: 'a class is missing', scale: 'logit' },
} as const;
type OfDecisions = keyof typeof OF_DECISIONS;

/** F1, likelihood ratios and the one-threshold AUC. */
export function decisionMeasures({
  rows,
  confusion,
  replicated,
  confidence,
  degreesOfFreedom,
}: RateQuestion): Record<OfDecisions, Measured> {
  const values = decisionValues(confusion);
  const one = (name: OfDecisions): Measured => {
    const { why, scale } = OF_DECISIONS[name];
    return resampled(values[name], replicated[name], { scale, confidence, degreesOfFreedom }, why);
  };
  const [f1, oneThresholdAuc] = [one('f1'), one('oneThresholdAuc')];
  const independent = rows.patientCount === rows.values.length;
  const simel = (ratio: Measurement): Measured => ({ ...widthless(ratio), method: 'Simel' });
  return {
    f1,
    oneThresholdAuc,
    positiveLikelihoodRatio: independent
      ? simel(positiveLikelihoodRatio(confusion, confidence))
      : one('positiveLikelihoodRatio'),
    negativeLikelihoodRatio: independent
      ? simel(negativeLikelihoodRatio(confusion, confidence))
      : one('negativeLikelihoodRatio'),
  };
}

/** By Bayes' rule: logit intervals where each patient has one row, else from the replicates' sensitivity and specificity. */
export function predictiveMeasures(
  prevalence: number,
  { rows, confusion, replicated, confidence, degreesOfFreedom }: RateQuestion,
): PredictiveAt {
  if (rows.patientCount === rows.values.length) {
    const plain = predictiveValuesAt(prevalence, confusion, confidence);
    return { prevalence, ppv: { ...plain.ppv, method: 'logit' }, npv: { ...plain.npv, method: 'logit' } };
  }
  const { sensitivity, specificity } = decisionValues(confusion);
  const { sensitivity: ofSensitivity, specificity: ofSpecificity } = replicated;
  const by = (value: (se: number, sp: number) => number, why: string): Measured =>
    resampled(
      value(sensitivity, specificity),
      ofSpecificity && ofSensitivity?.map((se, k) => value(se, at(ofSpecificity, k))),
      { scale: 'logit', confidence, degreesOfFreedom },
      why,
    );
  const ppv = (se: number, sp: number): number =>
    (prevalence * se) / (prevalence * se + (1 - prevalence) * (1 - sp));
  const npv = (se: number, sp: number): number =>
    ((1 - prevalence) * sp) / ((1 - prevalence) * sp + prevalence * (1 - se));
  return {
    prevalence,
    ppv: by(ppv, 'a class is missing, or nothing was called positive'),
    npv: by(npv, 'a class is missing, or nothing was called negative'),
  };
}
