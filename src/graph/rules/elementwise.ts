import { at, firstOf, IchorError } from '../../base/index.ts';
import {
  divide,
  isAbove,
  isBelow,
  isPositive,
  multiply,
  negate,
  power,
  sigmoid,
  sign,
  subtract,
  where,
} from '../forms/elementwise.ts';
import { reshape } from '../forms/layout.ts';
import { reduceSum } from '../forms/reduction.ts';
import type { Value } from '../value.ts';
import { type GradientRule, ruleOfOne } from './rule.ts';

/** d f(x) from the cotangent, x and y = f(x). */
type Derivative = (dy: Value, x: Value, y: Value) => Value;
const ofOne = (derivative: Derivative): GradientRule =>
  ruleOfOne((dy, { inputs: [x], outputs: [y] }) => [derivative(dy, x, y)]);

/** Sums over the axes along which `to` was broadcast. */
export function unbroadcast(gradient: Value, to: Value): Value {
  const offset = gradient.shape.length - to.shape.length;
  const axes = gradient.shape.flatMap((d, a) =>
    a < offset || (to.shape[a - offset] === 1 && d !== 1) ? [a] : [],
  );
  return axes.length === 0 ? gradient : reshape(reduceSum(gradient, { axes, keep: true }), to.shape);
}

/** d f(a, b) by each side, before the broadcast is undone. */
type Derivatives = (dy: Value, a: Value, b: Value, y: Value) => readonly [() => Value, () => Value];
const ofTwo = (derivatives: Derivatives): GradientRule =>
  ruleOfOne((dy, { inputs, outputs: [y], wanted }) => {
    const sides = derivatives(dy, ...firstOf(inputs, 2), y);
    return inputs.map((side, i) => (wanted[i] ? unbroadcast(at(sides, i)(), side) : undefined));
  });

/** At a tie the first side takes all, as one of the two must. */
const chooses = (isFirst: (a: Value, b: Value) => Value): GradientRule =>
  ofTwo((dy, a, b) => {
    const second = () => multiply(dy, isFirst(a, b));
    return [() => subtract(dy, second()), second];
  });

const STEP = 'its derivative is zero wherever there is one';

export const ELEMENTWISE_GRADIENTS = {
  negate: ofOne((dy) => negate(dy)),
  absolute: ofOne((dy, x) => multiply(dy, sign(x))),
  sign: { noGradient: STEP },
  exponential: ofOne((dy, _, y) => multiply(dy, y)),
  logarithm: ofOne((dy, x) => divide(dy, x)),
  squareRoot: ofOne((dy, _, y) => divide(multiply(dy, 0.5), y)),
  relu: ofOne((dy, _, y) => multiply(dy, isPositive(y))),
  sigmoid: ofOne((dy, _, y) => multiply(dy, multiply(y, subtract(1, y)))),
  tanh: ofOne((dy, _, y) => multiply(dy, subtract(1, multiply(y, y)))),
  softplus: ofOne((dy, x) => multiply(dy, sigmoid(x))),
  not: { noGradient: STEP },
  add: ofTwo((dy) => [() => dy, () => dy]),
  subtract: ofTwo((dy) => [() => dy, () => negate(dy)]),
  multiply: ofTwo((dy, a, b) => [() => multiply(dy, b), () => multiply(dy, a)]),
  divide: ofTwo((dy, _, b, y) => [() => divide(dy, b), () => negate(divide(multiply(dy, y), b))]),
  minimum: chooses((a, b) => isPositive(subtract(a, b))),
  maximum: chooses((a, b) => isPositive(subtract(b, a))),
  power: ofTwo((dy, a, b) => [
    () => multiply(dy, multiply(b, power(a, subtract(b, 1)))),
    () => {
      throw new IchorError('gradient-missing', 'power: the exponent has no gradient, it must be a constant');
    },
  ]),
  greater: { noGradient: STEP },
  greaterOrEqual: { noGradient: STEP },
  equal: { noGradient: STEP },
  and: { noGradient: STEP },
  or: { noGradient: STEP },
  isBeyond: { noGradient: STEP },
  // 1 strictly between the bounds, as ReLU6 is differentiated
  clip: ruleOfOne<{ low: number; high: number }>((dy, { outputs: [y], attributes: { low, high } }) => {
    const inside = multiply(isAbove(y, low), isBelow(y, high));
    return [multiply(dy, inside)];
  }),
  cast: ruleOfOne((dy, { inputs: [x] }) => [x.element === 'float32' ? dy : undefined]),
  where: ruleOfOne((dy, { inputs, wanted }) => {
    const [condition, yes, no] = firstOf(inputs, 3);
    return [
      undefined,
      wanted[1] ? unbroadcast(where(condition, dy, 0), yes) : undefined,
      wanted[2] ? unbroadcast(where(condition, 0, dy), no) : undefined,
    ];
  }),
};
