import { at, RefusedInput } from '../base/index.ts';
import { checkProbabilities, checkSameLength, type Empty } from './measurement.ts';

/** Probabilities are held this far from 0 and 1 before a logarithm is taken (as the RSNA 2019 challenge did). */
export const LOG_LOSS_MARGIN = 1e-15;

/** Each row's squared distance of the probability from the reference (Brier, Monthly Weather Review 1950;78:1). */
export function brierTerms(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): Float64Array {
  checkSameLength({ probabilities, reference: positive });
  checkProbabilities(probabilities, 'the probability');
  const terms = new Float64Array(probabilities.length);
  for (let row = 0; row < terms.length; row++) {
    terms[row] = (at(probabilities, row) - (positive[row] ? 1 : 0)) ** 2;
  }
  return terms;
}

/** Each row's negative log likelihood, natural logarithm (Good, JRSS B 1952;14:107). */
export function logLossTerms(
  probabilities: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): Float64Array {
  checkSameLength({ probabilities, reference: positive });
  checkProbabilities(probabilities, 'the probability');
  const terms = new Float64Array(probabilities.length);
  for (let row = 0; row < terms.length; row++) {
    const probability = at(probabilities, row);
    const ofTruth = positive[row] ? probability : 1 - probability;
    terms[row] = -Math.log(Math.min(1 - LOG_LOSS_MARGIN, Math.max(LOG_LOSS_MARGIN, ofTruth)));
  }
  return terms;
}

/** The mean of a score's terms; empty without rows. */
export function meanOfTerms(terms: Float64Array): { readonly value: number } | Empty {
  if (terms.length === 0) return { empty: 'no rows' };
  return { value: terms.reduce((sum, term) => sum + term, 0) / terms.length };
}

/**
 * Log loss over classes as the RSNA 2019 Intracranial Hemorrhage Detection challenge weighs it: any hemorrhage counts
 * twice as much as each subtype (Flanders et al., Radiology: Artificial Intelligence 2020;2:e190211).
 * @param losses each class's mean log loss
 * @param weights of the same classes, any positive scale
 */
export function weightedLogLoss(
  losses: Readonly<Record<string, number>>,
  weights: Readonly<Record<string, number>>,
): number {
  let sum = 0;
  let total = 0;
  for (const [name, weight] of Object.entries(weights)) {
    const loss = losses[name];
    if (loss === undefined) {
      throw new RefusedInput('class-missing', `the weighted log loss needs class ${name}, which has no rows`);
    }
    sum += weight * loss;
    total += weight;
  }
  return sum / total;
}
