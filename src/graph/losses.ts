import { multiply, softplus, subtract } from './forms/elementwise.ts';
import { reduceMean } from './forms/reduction.ts';
import type { ResultValue, Value } from './value.ts';

/**
 * Mean binary cross-entropy of logits against targets of the same shape (0 to 1), stable at any logit:
 * softplus(x) - x * y.
 */
export function binaryCrossEntropyWithLogits(logits: Value, targets: Value): ResultValue {
  return reduceMean(subtract(softplus(logits), multiply(logits, targets)));
}
