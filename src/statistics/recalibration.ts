import { logitOf } from '../base/index.ts';
import { fitLogistic } from './logistic.ts';
import { checkProbabilities, checkSameLength, type Empty, isEmpty, missingClass } from './measurement.ts';

/** A map of probabilities, fitted on one set and applied to others: sigmoid(intercept + slope * logit(p)). */
export interface Recalibration {
  readonly kind: 'temperature' | 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Temperature scaling: logits divided by one temperature, 1 / slope, of the least log loss
 * (Guo et al., ICML 2017). Empty where the classes are separated: the best temperature is then 0.
 */
export function fitTemperature(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): Recalibration | Empty {
  const { logits, targets, missing } = prepare(probabilities, positive);
  if (missing) return missing;
  const fit = fitLogistic(logits, targets, { fixedIntercept: 0 });
  if (isEmpty(fit)) return fit;
  if (fit.slope <= 0) return { empty: 'the probabilities point the wrong way: no positive temperature fits' };
  return { kind: 'temperature', slope: fit.slope, intercept: 0 };
}

/**
 * Platt scaling with his smoothed targets, (N+ + 1) / (N+ + 2) and 1 / (N- + 2), which keep the fit finite where
 * classes are separated (Platt 1999; Lin, Lin & Weng, Machine Learning 2007;68:267).
 */
export function fitPlatt(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): Recalibration | Empty {
  const { logits, targets, positives, missing } = prepare(probabilities, positive);
  if (missing) return missing;
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (targets.length - positives + 2)];
  const fit = fitLogistic(
    logits,
    targets.map((target) => (target === 1 ? high : low)),
  );
  if (isEmpty(fit)) return { empty: 'all probabilities are equal: nothing to scale' };
  if (fit.slope <= 0) return { empty: 'the probabilities point the wrong way: no rising map fits' };
  return { kind: 'platt', slope: fit.slope, intercept: fit.intercept };
}

/** The plain probability at which the recalibrated one reaches `threshold`: what a model file stores beside 0.5. */
export function impliedThreshold(recalibration: Recalibration, threshold = 0.5): number {
  return 1 / (1 + Math.exp(-(logitOf(threshold) - recalibration.intercept) / recalibration.slope));
}

function prepare(probabilities: ArrayLike<number>, positive: ArrayLike<number | boolean>) {
  checkSameLength({ probabilities, reference: positive });
  checkProbabilities(probabilities, 'the probability');
  const targets = Float64Array.from({ length: positive.length }, (_, row) => (positive[row] ? 1 : 0));
  const positives = targets.reduce((sum, target) => sum + target, 0);
  const missing = missingClass(positives, targets.length - positives);
  return { logits: Float64Array.from(probabilities, logitOf), targets, positives, missing };
}
