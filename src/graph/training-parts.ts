import {
  add,
  divide,
  multiply,
  negate,
  type Operand,
  power,
  squareRoot,
  subtract,
} from './forms/elementwise.ts';
import type { ResultValue, Value } from './value.ts';

/** Drops what the mask (1 keeps, 0 drops; drawn outside, seeded) drops, and scales the rest up to the same mean. */
export const dropout = (x: Value, keepMask: Value, dropProbability: number): ResultValue =>
  multiply(x, multiply(keepMask, 1 / (1 - dropProbability)));

export interface AdamState {
  readonly parameter: Value;
  readonly firstMoment: Value;
  readonly secondMoment: Value;
}

export interface AdamSettings {
  /** Scalar input or number. */
  readonly rate: Operand;
  /** The step's number, from 1 on: a float32 scalar input. */
  readonly step: Value;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled, as in AdamW (Loshchilov and Hutter 2019): 0 is plain Adam. */
  readonly weightDecay?: Operand;
}

/** One step of Adam (Kingma and Ba 2015, algorithm 1; epsilon after the bias correction, as PyTorch does). */
export function adamStep(state: AdamState, gradient: Value, settings: AdamSettings): AdamState {
  const { rate, step, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = settings;
  const firstMoment = blend(state.firstMoment, gradient, beta1);
  const secondMoment = blend(state.secondMoment, multiply(gradient, gradient), beta2);
  const correction = (beta: number) => subtract(1, power(beta, step));
  const deviation = divide(squareRoot(secondMoment), squareRoot(correction(beta2)));
  const scaledRate = negate(divide(rate, correction(beta1)));
  const move = multiply(divide(firstMoment, add(deviation, epsilon)), scaledRate);
  const decayed =
    weightDecay === 0 ? state.parameter : multiply(state.parameter, subtract(1, multiply(rate, weightDecay)));
  return { parameter: add(decayed, move), firstMoment, secondMoment };
}

const blend = (old: Value, fresh: Value, keep: number): ResultValue =>
  add(multiply(old, keep), multiply(fresh, 1 - keep));
