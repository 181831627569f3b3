import { RefusedInput } from '../base/index.ts';
import type { Confusion } from './confusion.ts';
import { normalMultiple } from './distributions.ts';
import { type Measurement, withoutInterval } from './measurement.ts';

/** What a positive, or a negative, call means where a share `prevalence` of subjects has the class. */
export interface PredictiveValues {
  readonly prevalence: number;
  readonly ppv: Measurement;
  readonly npv: Measurement;
}

/**
 * PPV and NPV at any prevalence by Bayes' rule from sensitivity and specificity, intervals on the logit scale
 * (Mercaldo, Lau & Zhou, Statistics in Medicine 2007;26:2170). Where a rate is 0 or 1 the logit interval does not
 * exist: the value alone.
 * @throws RefusedInput `impossible-prevalence`
 */
export function predictiveValuesAt(prevalence: number, c: Confusion, confidence = 0.95): PredictiveValues {
  if (!(prevalence > 0 && prevalence < 1)) {
    throw new RefusedInput(
      'impossible-prevalence',
      `the prevalence is ${prevalence}, expected a number between 0 and 1`,
    );
  }
  const positives = c.truePositives + c.falseNegatives;
  const negatives = c.trueNegatives + c.falsePositives;
  if (positives === 0 || negatives === 0) {
    const missing = { empty: positives === 0 ? 'no positives' : 'no negatives' };
    return { prevalence, ppv: missing, npv: missing };
  }
  const sensitivity = c.truePositives / positives;
  const specificity = c.trueNegatives / negatives;
  const odds = prevalence / (1 - prevalence);
  const isCertain = [sensitivity, specificity].some((rate) => rate === 0 || rate === 1);
  const question = { confidence, isCertain };
  return {
    prevalence,
    ppv: fromOdds(
      (odds * sensitivity) / (1 - specificity),
      (1 - sensitivity) / sensitivity / positives + specificity / (1 - specificity) / negatives,
      question,
      'nothing was called positive',
    ),
    npv: fromOdds(
      specificity / (1 - sensitivity) / odds,
      sensitivity / (1 - sensitivity) / positives + (1 - specificity) / specificity / negatives,
      question,
      'nothing was called negative',
    ),
  };
}

/** A rate of 0 or 1 would enter as if it were known without error. */
function fromOdds(
  odds: number,
  variance: number,
  { confidence, isCertain }: { readonly confidence: number; readonly isCertain: boolean },
  why: string,
): Measurement {
  if (Number.isNaN(odds)) return { empty: why };
  if (odds === Number.POSITIVE_INFINITY) return withoutInterval(1, 'no wrong call');
  if (odds === 0) return withoutInterval(0, 'no right call');
  if (isCertain || !(variance > 0 && Number.isFinite(variance)))
    return withoutInterval(odds / (1 + odds), 'a rate is 0 or 1');
  const factor = Math.exp(normalMultiple(confidence) * Math.sqrt(variance));
  const share = (at: number): number => at / (1 + at);
  return { value: share(odds), low: share(odds / factor), high: share(odds * factor) };
}
