import { add, floats, multiply, reduceMean, softplus, subtract, type Value } from '../../graph/index.ts';

/** Mean over all elements of the binary cross-entropy, each times its weight. */
export const weightedCrossEntropy = (logits: Value, targets: Value, weights: Value): Value =>
  reduceMean(multiply(subtract(softplus(logits), multiply(logits, targets)), weights));

/** What each target weighs: 1 where it is 0, and where it is 1 the number given (one for all, or one per output). */
export const weightsOfTargets = (targets: Value, positive: number | readonly number[]): Value =>
  add(multiply(targets, floats([positive].flat().map((weight) => weight - 1))), 1);
