import { firstOf } from '../base/index.ts';
import { fixedSizes, multiplyDimensions } from './dimension.ts';
import { add, multiply, sigmoid, subtract, tanh } from './forms/elementwise.ts';
import { concat, pad, reshape, slice } from './forms/layout.ts';
import { dense, matMul } from './forms/linear.ts';
import { type Direction, type GruWeights, linearRecurrence } from './forms/recurrence.ts';
import { reduceSum } from './forms/reduction.ts';
import { floats, type Value } from './value.ts';

/** The gates of every step, [steps, batch, hidden] each: computed from the outputs, all steps at once. */
interface Gates {
  readonly reset: Value;
  readonly update: Value;
  readonly fresh: Value;
  /** The recurrent part of the new gate before it is reset: R h + b'. */
  readonly recurrentFresh: Value;
  /** What each step started from. */
  readonly previous: Value;
  readonly hidden: number;
}

/** h of the step before: zeros before the first. */
function previousStates(h: Value, direction: Direction): Value {
  const [before, after] = direction === 'forward' ? [1, -1] : [-1, 1];
  return pad(h, [before, 0, 0], [after, 0, 0]);
}

const gate = (preActivations: Value, index: number, hidden: number): Value =>
  slice(preActivations, { axis: 2, start: index * hidden, end: (index + 1) * hidden });

function gatesOf(x: Value, h: Value, weights: GruWeights, direction: Direction): Gates {
  const [hidden] = firstOf(fixedSizes(h.shape.slice(2)), 1);
  const previous = previousStates(h, direction);
  const fromInput = dense(x, weights.input, weights.inputBias);
  const fromState = dense(previous, weights.recurrent, weights.recurrentBias);
  const [reset, update] = firstOf(
    [0, 1].map((i) => sigmoid(add(gate(fromInput, i, hidden), gate(fromState, i, hidden)))),
    2,
  );
  const recurrentFresh = gate(fromState, 2, hidden);
  const fresh = tanh(add(gate(fromInput, 2, hidden), multiply(reset, recurrentFresh)));
  return { reset, update, fresh, recurrentFresh, previous, hidden };
}

/** d h / d (pre-activation) of each gate, step by step, elementwise: reset, update, new. */
function slopesOf({ reset, update, fresh, recurrentFresh, previous }: Gates): readonly [Value, Value, Value] {
  const slopeFresh = multiply(subtract(1, update), subtract(1, multiply(fresh, fresh)));
  const slopeUpdate = multiply(subtract(previous, fresh), multiply(update, subtract(1, update)));
  const slopeReset = multiply(slopeFresh, multiply(recurrentFresh, multiply(reset, subtract(1, reset))));
  return [slopeReset, slopeUpdate, slopeFresh];
}

/** J[t, row, out, in] = d h[t, out] / d h[t - 1, in]. */
function jacobiansOf(gates: Gates, slopes: readonly [Value, Value, Value], recurrent: Value): Value {
  const { hidden, reset, update } = gates;
  const [slopeReset, slopeUpdate, slopeFresh] = slopes;
  const column = (value: Value) => reshape(value, [...value.shape, 1]);
  const rows = (index: number) =>
    slice(recurrent, { axis: 0, start: index * hidden, end: (index + 1) * hidden });
  const through = firstOf(
    [slopeReset, slopeUpdate, multiply(slopeFresh, reset)].map((slope, i) =>
      multiply(column(slope), rows(i)),
    ),
    3,
  );
  const identity = Float32Array.from({ length: hidden * hidden }, (_, i) => (i % (hidden + 1) === 0 ? 1 : 0));
  const kept = multiply(column(update), floats(identity, [hidden, hidden]));
  return add(add(through[0], through[1]), add(through[2], kept));
}

/** A GRU's steps, each straightened at its own state. */
export interface GruLinearisation {
  /** d h[t, out] / d h[step before, in], [steps, batch, out, in]. */
  readonly jacobians: Value;
  /** d h / d (W x + b) of the gates reset, update, new: elementwise, [steps, batch, hidden] each. */
  readonly slopes: readonly [Value, Value, Value];
}

/** Straightens one direction of a GRU at x [steps, batch, in] and its output h [steps, batch, hidden]. */
export function gruLinearisation(
  x: Value,
  h: Value,
  weights: GruWeights,
  direction: Direction,
): GruLinearisation {
  const gates = gatesOf(x, h, weights, direction);
  const slopes = slopesOf(gates);
  return { jacobians: jacobiansOf(gates, slopes, weights.recurrent), slopes };
}

export interface GruCotangents {
  /** d / d (W x + b) of the three gates, [steps, rows, 3 hidden]: times W it is d / d x. */
  readonly preActivations: Value;
  /** d / d (R h + b'), [steps, rows, 3 hidden]. */
  readonly recurrentPreActivations: Value;
  /** What each step started from, [steps, batch, hidden]. */
  readonly previous: Value;
}

/**
 * The way of cotangents back through one direction of a GRU. x [steps, batch, in] and its output h [steps, batch,
 * hidden]; cotangents [steps, rows, hidden], where rows is the batch, or, for a batch of 1, any number of independent
 * cotangents of the one sequence (Grad-CAM: one for each slice's logit), which share all of the work but the walk.
 */
function gruVjp(
  x: Value,
  h: Value,
  weights: GruWeights,
  direction: Direction,
  cotangents: Value,
): GruCotangents {
  const gates = gatesOf(x, h, weights, direction);
  const slopes = slopesOf(gates);
  const jacobians = jacobiansOf(gates, slopes, weights.recurrent);
  const reached = linearRecurrence(cotangents, jacobians, direction);
  const [reset, update, fresh] = firstOf(
    slopes.map((slope) => multiply(reached, slope)),
    3,
  );
  return {
    preActivations: concat([reset, update, fresh], 2),
    recurrentPreActivations: concat([reset, update, multiply(fresh, gates.reset)], 2),
    previous: gates.previous,
  };
}

/** d loss / d (x, W, R, b, b') from the cotangent of the output, for a batch whose every row is its own sequence. */
export function gruGradient(
  x: Value,
  h: Value,
  weights: GruWeights,
  direction: Direction,
  cotangent: Value,
): readonly Value[] {
  const { preActivations, recurrentPreActivations, previous } = gruVjp(x, h, weights, direction, cotangent);
  const outer = (rows: Value, columns: Value) =>
    matMul(flatRows(rows), flatRows(columns), { transposeA: true });
  return [
    matMul(preActivations, weights.input),
    outer(preActivations, x),
    outer(recurrentPreActivations, previous),
    reduceSum(preActivations, { axes: [0, 1] }),
    reduceSum(recurrentPreActivations, { axes: [0, 1] }),
  ];
}

/** [steps, batch, width] -> [steps * batch, width]. */
function flatRows(value: Value): Value {
  const [steps, batch, width] = firstOf(value.shape, 3);
  return reshape(value, [multiplyDimensions(steps, batch), width]);
}
