/** Probabilities are held this far from 0 and 1 before their logit is taken: a logit lies within +-16.1. */
export const LOGIT_MARGIN = 1e-7;

/** log(p / (1 - p)) of a probability held LOGIT_MARGIN from 0 and 1. */
export function logitOf(probability: number): number {
  const held = Math.min(1 - LOGIT_MARGIN, Math.max(LOGIT_MARGIN, probability));
  return Math.log(held / (1 - held));
}

/** The recalibrated probability, by a map that statistics/ fits and a model file may hold. */
export function recalibrate(
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  probability: number,
): number {
  return 1 / (1 + Math.exp(-(intercept + slope * logitOf(probability))));
}
