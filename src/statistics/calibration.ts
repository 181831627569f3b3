import { at, logitOf, RefusedInput } from '../base/index.ts';
import { normalMultiple } from './distributions.ts';
import { fitLogistic, type LogisticOptions } from './logistic.ts';
import {
  checkProbabilities,
  checkSameLength,
  isEmpty,
  type Measurement,
  missingClass,
} from './measurement.ts';
import { wilson } from './proportion.ts';

/** How far probabilities are from what was observed. */
export interface Calibration {
  /** 1 where well spread; below 1 where too extreme. */
  readonly slope: Measurement;
  /** Of the same regression. */
  readonly intercept: Measurement;
  /** Calibration in the large: the intercept with the slope held at 1; 0 where the mean is right. */
  readonly inTheLarge: Measurement;
}

/**
 * Slope and intercept of the reference's logistic regression on the probabilities' logits (Cox, Biometrika 1958;45:562;
 * Van Calster et al., BMC Medicine 2019;17:230), Wald intervals.
 * @param clusters where given, intervals are the sandwich's by cluster
 */
export function calibrationOf(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
  confidence = 0.95,
  clusters?: ArrayLike<number>,
): Calibration {
  checkSameLength({ probabilities, reference: positive });
  checkProbabilities(probabilities, 'the probability');
  const targets = Float64Array.from({ length: positive.length }, (_, row) => (positive[row] ? 1 : 0));
  const positives = targets.reduce((sum, target) => sum + target, 0);
  const missing = missingClass(positives, targets.length - positives);
  if (missing) return { slope: missing, intercept: missing, inTheLarge: missing };
  const logits = Float64Array.from(probabilities, logitOf);
  const by: LogisticOptions = clusters ? { clusters } : {};
  const line = fitLogistic(logits, targets, by);
  const level = fitLogistic(logits, targets, { ...by, fixedSlope: 1 });
  const constant = logits.every((logit) => logit === logits[0]);
  const noLine = { empty: constant ? 'all probabilities are equal: no slope' : 'the classes are separated' };
  const wald = (value: number, variance: number): Measurement => {
    const standardError = Math.sqrt(variance);
    const reach = normalMultiple(confidence) * standardError;
    return { value, low: value - reach, high: value + reach, standardError };
  };
  return {
    slope: isEmpty(line) ? noLine : wald(line.slope, line.covariance[1][1]),
    intercept: isEmpty(line) ? noLine : wald(line.intercept, line.covariance[0][0]),
    inTheLarge: isEmpty(level) ? level : wald(level.intercept, level.covariance[0][0]),
  };
}

/** One bin of the reliability diagram. */
export interface ReliabilityBin {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  readonly positives: number;
  readonly meanProbability: number;
  /** Share of positives with Wilson's interval. */
  readonly observed: Measurement;
}

/**
 * Rows by probability in bins of equal width, the last one with 1 in it; empty bins are left out (DeGroot & Fienberg, The
 * Statistician 1983;32:12).
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
  bins = 10,
  confidence = 0.95,
): readonly ReliabilityBin[] {
  checkSameLength({ probabilities, reference: positive });
  checkProbabilities(probabilities, 'the probability');
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RefusedInput(
      'impossible-bins',
      `the number of bins is ${bins}, expected a whole number from 1`,
    );
  }
  const rows = new Float64Array(bins);
  const positives = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let row = 0; row < probabilities.length; row++) {
    const probability = at(probabilities, row);
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    rows[bin]!++;
    sums[bin]! += probability;
    if (positive[row]) positives[bin]!++;
  }
  return Array.from(rows, (count, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    rows: count,
    positives: at(positives, bin),
    meanProbability: at(sums, bin) / count,
    observed: wilson(at(positives, bin), count, confidence),
  })).filter((bin) => bin.rows > 0);
}
