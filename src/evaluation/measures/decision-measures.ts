import { at } from '../../base/index.ts';
import {
  type Confusion,
  clopperPearson,
  decisionValues,
  isEmpty,
  type Measurement,
  negativeLikelihoodRatio,
  percentileInterval,
  positiveLikelihoodRatio,
  predictiveValuesAt,
  RATE_NAMES,
  type RateName,
  rateRatio,
  wilson,
  withoutInterval,
} from '../../statistics/index.ts';
import type { JudgedRows, Measured, PredictiveAt, Replicates } from './measures.ts';
import { widthless } from './widthless.ts';

/** A value with the percentile interval of its replicates; without replicates, or with too few of use, alone. */
export function resampled(
  value: number,
  replicates: Float64Array | undefined,
  confidence: number,
  why: string,
): Measured {
  const method = 'patient bootstrap';
  if (Number.isNaN(value)) return { empty: why, method };
  if (!replicates) return { ...withoutInterval(value, 'not resampled'), method };
  const interval = percentileInterval(value, replicates, confidence);
  if (isEmpty(interval)) return { ...withoutInterval(value, interval.empty), method };
  // where no resample differs from the value the spread is not estimated, it is not 0
  const flat = interval.high - interval.low <= 1e-12 * Math.abs(value);
  return { ...(flat ? withoutInterval(value, 'estimated variance 0') : interval), method };
}

interface RateQuestion {
  readonly rows: JudgedRows;
  readonly confusion: Confusion;
  readonly replicated: Replicates;
  readonly threshold: number;
  readonly confidence: number;
}

/** The rates: Wilson where each patient has one row, else resampled by patient. */
export function rateIntervals(question: RateQuestion): Record<RateName, Measured> {
  const { rows, confusion, replicated, confidence } = question;
  const independent = rows.patientCount === rows.values.length;
  const one = (rate: RateName): Measured => {
    const { of, among, why } = rateRatio(confusion, rate);
    if (among === 0) return { empty: why, method: 'Wilson' };
    if (independent) return { ...wilson(of, among, confidence), method: 'Wilson' };
    if (replicated[rate] && (of === 0 || of === among)) return extreme(rate, of > 0, question);
    return resampled(of / among, replicated[rate], confidence, why);
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

const WHY_EMPTY = {
  f1: 'no positives',
  positiveLikelihoodRatio: 'no false positive, or a class is missing',
  negativeLikelihoodRatio: 'no true negative, or a class is missing',
  oneThresholdAuc: 'a class is missing',
} as const;

/** F1, likelihood ratios and the one-threshold AUC. */
export function decisionMeasures(
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
    positiveLikelihoodRatio: {
      ...widthless(positiveLikelihoodRatio(confusion, confidence)),
      method: 'Simel',
    },
    negativeLikelihoodRatio: {
      ...widthless(negativeLikelihoodRatio(confusion, confidence)),
      method: 'Simel',
    },
  };
}

/** By Bayes' rule: logit intervals where each patient has one row, else from the replicates' sensitivity and specificity. */
export function predictiveMeasures(
  prevalence: number,
  confusion: Confusion,
  independent: boolean,
  replicated: Replicates,
  confidence: number,
): PredictiveAt {
  const plain = predictiveValuesAt(prevalence, confusion, confidence);
  if (independent) {
    return { prevalence, ppv: { ...plain.ppv, method: 'logit' }, npv: { ...plain.npv, method: 'logit' } };
  }
  const { sensitivity, specificity } = decisionValues(confusion);
  const { sensitivity: ofSensitivity, specificity: ofSpecificity } = replicated;
  const by = (value: (se: number, sp: number) => number, why: string): Measured =>
    resampled(
      value(sensitivity, specificity),
      ofSpecificity && ofSensitivity?.map((se, k) => value(se, at(ofSpecificity, k))),
      confidence,
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
