import { at } from '../base/index.ts';
import {
  add,
  cast,
  type Dimension,
  divide,
  type GruLinearisation,
  greater,
  gruLinearisation,
  matMul,
  matrixRecurrence,
  maximum,
  multiply,
  pad,
  reduceSum,
  relu,
  reshape,
  slice,
  squeeze,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import { CNN_PLANS } from './cnn-plans.ts';
import type { ParameterBook } from './parameter-book.ts';
import { DIRECTIONS, type HeadName, trunkOf } from './parameters.ts';
import { gruWeights, type RecurrentValues } from './recurrent.ts';
import { hearsCnn, mapSideOf, TASKS, type TaskName } from './settings.ts';

/**
 * How much each map of a slice speaks for each class on that slice: the spatial mean of the gradient of the slice's
 * own logit with respect to the map, [slices, classes, channels]. Exact through both directions of both GRU layers.
 */
export function mapWeights(
  features: Value,
  values: RecurrentValues,
  book: ParameterBook,
  task: TaskName,
): Value {
  const recurrent = featureGradients(features, values, book, task);
  const slopes = hearsCnn(book.settings)
    ? multiply(add(recurrent, outputRows(book, task, 'cnn')), 0.5)
    : recurrent;
  const trunk = trunkOf(book.settings, task);
  // Through the dense layer's ReLU, which passes on what is positive
  const open = unsqueeze(cast(greater(features, 0), 'float32'), 1);
  const sums = mapSums(book.of(`${trunk}/dense/weights`), book);
  return multiply(matMul(multiply(slopes, open), sums), 1 / mapSideOf(book.settings) ** 2);
}

/**
 * The dense layer's weights summed over each map, [features, channels]: a bridge hands each number of its gradient to
 * one map, and summing before the product keeps memory small where slices are many.
 */
function mapSums(weights: Value, { settings }: ParameterBook): Value {
  const { bridge, mapChannels } = CNN_PLANS[settings.cnn];
  const ofMean = bridge === 'averageAndMaximum';
  const shape = ofMean
    ? [settings.features, 2, mapChannels]
    : [settings.features, mapChannels, (mapSideOf(settings) / 2) ** 2];
  return reduceSum(reshape(weights, shape), { axes: [ofMean ? 1 : 2] });
}

/**
 * Grad-CAM (Ye et al., supplement 6): maps [slices, channels, side, side] weighed, summed over the channels, what is
 * negative left out; each sums to 1, or is zeros where nothing speaks for the class: [slices, classes, side, side].
 * The paper divides the weights by their signed sum; where that is positive, this is the same map.
 */
export function heatMaps(maps: Value, weights: Value): Value {
  const [slices, channels, rows, columns] = maps.shape as [Dimension, Dimension, number, number];
  const places = rows * columns;
  const raw = relu(matMul(weights, reshape(maps, [slices, channels, places])));
  const total = reduceSum(raw, { axes: [2], keep: true });
  const shares = divide(raw, maximum(total, SMALLEST_TOTAL));
  return reshape(shares, [slices, at(weights.shape, 1), rows, columns]);
}

/** Below it a map counts as empty; far below any total that a trained network gave. */
const SMALLEST_TOTAL = 1e-30;

/** One direction of one layer, straightened: d h / d h of the step before, and d h / d x, [slices, hidden, ...]. */
interface Straight {
  readonly along: Value;
  readonly across: Value;
}

/**
 * d (slice t's logits) / d (slice t's features), [slices, classes, features]. A slice's features reach its own logit
 * directly and by way of its neighbours: up through one layer, and back down through the other. With A for a step's
 * derivative by the state before it and B by its input, the detour of the forward second layer over the backward
 * first one is P_t = A2_t P_(t-1) A1_(t-1) + B2_t, and the other detour is its mirror image.
 */
function featureGradients(
  features: Value,
  { gru1, gru2 }: RecurrentValues,
  book: ParameterBook,
  task: TaskName,
): Value {
  const { hidden } = book.settings;
  const half = (x: Value, i: number, axis: number): Value =>
    slice(x, { axis, start: i * hidden, end: (i + 1) * hidden });
  const straighten = (x: Value, outputs: Value, layer: 'gru1' | 'gru2', i: 0 | 1): Straight => {
    const direction = DIRECTIONS[i];
    const weights = gruWeights(book, task, layer, direction);
    const linear = gruLinearisation(unsqueeze(x, 1), unsqueeze(half(outputs, i, 1), 1), weights, direction);
    return { along: squeeze(linear.jacobians, 1), across: acrossOf(linear, weights.input, hidden) };
  };
  const [first, second] = [
    [straighten(features, gru1, 'gru1', 0), straighten(features, gru1, 'gru1', 1)] as const,
    [straighten(gru1, gru2, 'gru2', 0), straighten(gru1, gru2, 'gru2', 1)] as const,
  ];
  const [up, down] = [0, 1].map((i) => half(outputRows(book, task, 'slice'), i, 2)) as [Value, Value];
  const detourUp = matrixRecurrence({
    a: second[0].along,
    b: shifted(first[1].along, 1),
    d: half(second[0].across, 1, 2),
  });
  const detourDown = matrixRecurrence(
    { a: second[1].along, b: shifted(first[0].along, -1), d: half(second[1].across, 0, 2) },
    'backward',
  );
  const toForward = add(matMul(up, half(second[0].across, 0, 2)), matMul(down, detourDown));
  const toBackward = add(matMul(up, detourUp), matMul(down, half(second[1].across, 1, 2)));
  return add(matMul(toForward, first[0].across), matMul(toBackward, first[1].across));
}

/** A head's rows for the outputs that stand for a hemorrhage, [1, classes, inputs]. */
function outputRows(book: ParameterBook, task: TaskName, head: HeadName): Value {
  const { positives } = TASKS[task];
  const start = at(positives, 0);
  return unsqueeze(
    slice(book.of(`${task}/${head}Head/weights`), { axis: 0, start, end: start + positives.length }),
    0,
  );
}

/** d h / d x = the gates' slopes times the gates' rows of W, summed: [slices, hidden, in]. */
function acrossOf({ slopes }: GruLinearisation, input: Value, hidden: number): Value {
  const parts = slopes.map((slope, gate) => {
    const rows = unsqueeze(slice(input, { axis: 0, start: gate * hidden, end: (gate + 1) * hidden }), 0);
    return multiply(unsqueeze(squeeze(slope, 1), 2), rows);
  });
  return parts.reduce((a, b) => add(a, b));
}

/** The neighbour's matrices: row t holds those of t - by; zeros where there is none. */
function shifted(x: Value, by: 1 | -1): Value {
  const [before, after] = by === 1 ? [1, -1] : [-1, 1];
  return pad(x, [before, 0, 0], [after, 0, 0]);
}
