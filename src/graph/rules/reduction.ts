import { at } from '../../base/index.ts';
import { cast, divide, equal, exponential, multiply, subtract } from '../forms/elementwise.ts';
import { expandLike, reshape, sizeOf } from '../forms/layout.ts';
import { reduceSum } from '../forms/reduction.ts';
import type { Value } from '../value.ts';
import { ruleOfOne } from './rule.ts';

interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** The reduced value with its axes back, at size 1. */
const restored = (reduced: Value, x: Value, axes: readonly number[]): Value =>
  reshape(
    reduced,
    x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)),
  );

export const REDUCTION_GRADIENTS = {
  reduceSum: ruleOfOne<Reduction>((dy, { inputs: [x], attributes: { axes } }) => [
    expandLike(restored(dy, x, axes), x),
  ]),
  reduceMean: ruleOfOne<Reduction>((dy, { inputs: [x], attributes: { axes } }) => [
    expandLike(divide(restored(dy, x, axes), sizeOf(x, axes)), x),
  ]),
  // Equal maxima share the gradient
  reduceMax: ruleOfOne<Reduction>((dy, { inputs, outputs: [y], attributes: { axes } }) => {
    const x = at(inputs, 0);
    const isMaximum = cast(equal(x, restored(y, x, axes)), 'float32');
    const share = divide(restored(dy, x, axes), reduceSum(isMaximum, { axes, keep: true }));
    return [multiply(isMaximum, share)];
  }),
  softmax: ruleOfOne<{ axis: number }>((dy, { outputs: [y], attributes: { axis } }) => {
    const weighted = multiply(dy, y);
    return [subtract(weighted, multiply(y, reduceSum(weighted, { axes: [axis], keep: true })))];
  }),
  logSoftmax: ruleOfOne<{ axis: number }>((dy, { outputs: [y], attributes: { axis } }) => [
    subtract(dy, multiply(exponential(y), reduceSum(dy, { axes: [axis], keep: true }))),
  ]),
};
