import { normalMultiple } from './distributions.ts';
import { checkFinite, checkSameLength, type Measurement, withoutInterval } from './measurement.ts';

/** Rows by reference and decision. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** A rate of a confusion matrix as the counts that it is the ratio of. */
export interface Ratio {
  readonly of: number;
  readonly among: number;
}

/** What is printed where a rate's denominator is 0. */
const RATE_TABLE = {
  accuracy: {
    ratio: (c: Confusion) => ({ of: c.truePositives + c.trueNegatives, among: rowsOf(c) }),
    empty: 'no rows',
  },
  sensitivity: {
    ratio: (c: Confusion) => ({ of: c.truePositives, among: c.truePositives + c.falseNegatives }),
    empty: 'no positives',
  },
  specificity: {
    ratio: (c: Confusion) => ({ of: c.trueNegatives, among: c.trueNegatives + c.falsePositives }),
    empty: 'no negatives',
  },
  ppv: {
    ratio: (c: Confusion) => ({ of: c.truePositives, among: c.truePositives + c.falsePositives }),
    empty: 'nothing was called positive',
  },
  npv: {
    ratio: (c: Confusion) => ({ of: c.trueNegatives, among: c.trueNegatives + c.falseNegatives }),
    empty: 'nothing was called negative',
  },
} as const;

export type RateName = keyof typeof RATE_TABLE;

/** The rates that are proportions of counts, in the order of the tables. */
export const RATE_NAMES = Object.freeze(Object.keys(RATE_TABLE)) as readonly RateName[];

/** All rows of the matrix. */
export function rowsOf(c: Confusion): number {
  return c.truePositives + c.falsePositives + c.trueNegatives + c.falseNegatives;
}

/** A rate as a ratio of counts, for Wilson's or the exact interval; `why` is printed where `among` is 0. */
export function rateRatio(confusion: Confusion, rate: RateName): Ratio & { readonly why: string } {
  return { ...RATE_TABLE[rate].ratio(confusion), why: RATE_TABLE[rate].empty };
}

/** A rate as a number, NaN where its denominator is 0: for replicates, which drop such draws. */
export function rateValue(confusion: Confusion, rate: RateName): number {
  const { of, among } = RATE_TABLE[rate].ratio(confusion);
  return among === 0 ? Number.NaN : of / among;
}

/** Decisions against the reference. */
export function confusionOf(
  positive: ArrayLike<number | boolean>,
  called: ArrayLike<number | boolean>,
): Confusion {
  checkSameLength({ reference: positive, decision: called });
  const counts = [0, 0, 0, 0] as [number, number, number, number];
  for (let row = 0; row < positive.length; row++) {
    counts[(positive[row] ? 2 : 0) + (called[row] ? 1 : 0)]!++;
  }
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts;
  return { truePositives, falsePositives, trueNegatives, falseNegatives };
}

/** Probabilities against the reference: positive from the threshold on, itself included (paper, "Statistical analysis"). */
export function confusionAt(
  scores: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
  threshold: number,
): Confusion {
  checkFinite(scores, 'the score');
  return confusionOf(
    positive,
    Array.from(scores, (score) => score >= threshold),
  );
}

/**
 * F1, the harmonic mean of PPV and sensitivity (van Rijsbergen, Information Retrieval 1979, chapter 7); NaN where the
 * reference has no positive: it is then 0 whatever is called, as sensitivity is undefined.
 */
export function f1Value(c: Confusion): number {
  if (c.truePositives + c.falseNegatives === 0) return Number.NaN;
  return (2 * c.truePositives) / (2 * c.truePositives + c.falsePositives + c.falseNegatives);
}

/**
 * The AUC of a reader with one threshold: (sensitivity + specificity) / 2 (Cantor & Kattan, Medical Decision Making
 * 2000;20:468). Never to be ranked against a continuous AUC.
 */
export function oneThresholdAuc(c: Confusion): number {
  return (rateValue(c, 'sensitivity') + rateValue(c, 'specificity')) / 2;
}

/** Sensitivity / (1 - specificity), with Simel's logarithmic interval (J Clin Epidemiol 1991;44:763). */
export function positiveLikelihoodRatio(c: Confusion, confidence = 0.95): Measurement {
  return ratioOfRates(
    { of: c.truePositives, among: c.truePositives + c.falseNegatives, name: 'positives' },
    { of: c.falsePositives, among: c.falsePositives + c.trueNegatives, name: 'negatives' },
    confidence,
  );
}

/** (1 - sensitivity) / specificity, with Simel's logarithmic interval. */
export function negativeLikelihoodRatio(c: Confusion, confidence = 0.95): Measurement {
  return ratioOfRates(
    { of: c.falseNegatives, among: c.truePositives + c.falseNegatives, name: 'positives' },
    { of: c.trueNegatives, among: c.falsePositives + c.trueNegatives, name: 'negatives' },
    confidence,
  );
}

type NamedRatio = Ratio & { readonly name: string };

function ratioOfRates(top: NamedRatio, bottom: NamedRatio, confidence: number): Measurement {
  for (const part of [top, bottom]) if (part.among === 0) return { empty: `no ${part.name}` };
  if (bottom.of === 0) return { empty: 'infinite or undefined: the rate below the line is 0' };
  const value = top.of / top.among / (bottom.of / bottom.among);
  if (top.of === 0) return withoutInterval(value, 'the rate above the line is 0');
  const standardErrorOfLog = Math.sqrt(1 / top.of - 1 / top.among + 1 / bottom.of - 1 / bottom.among);
  const factor = Math.exp(normalMultiple(confidence) * standardErrorOfLog);
  return { value, low: value / factor, high: value * factor };
}
