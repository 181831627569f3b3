import {
  add,
  bidirectionalGru,
  type Dimension,
  dense,
  floats,
  type GruWeights,
  multiply,
  reduceMax,
  reduceMean,
  reshape,
  squeeze,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import type { ParameterBook } from './parameter-book.ts';
import type { DIRECTIONS, GRU_LAYERS, HeadName } from './parameters.ts';
import { hearsCnn, TASKS, type TaskName } from './settings.ts';

/** What each GRU layer's outputs are multiplied by while training: 0 where dropped, else 1 / (1 - dropout). */
export interface DropoutMasks {
  /** [slices, 2 hidden] each. */
  readonly gru1: Value;
  readonly gru2: Value;
}

export interface RecurrentValues {
  /** Outputs of the GRU layers, [slices, 2 hidden], forward first, before any dropout. */
  readonly gru1: Value;
  readonly gru2: Value;
  /** [outputs]: before the sigmoid. */
  readonly subjectLogits: Value;
  /** [slices, outputs]; absent under Sub-Lab. */
  readonly sliceLogits?: Value;
}

type Layer = (typeof GRU_LAYERS)[number];

/** The recurrent part of a task on features [slices, features] of one whole series, inferior to superior. */
export function buildRecurrent(
  features: Value,
  book: ParameterBook,
  task: TaskName,
  masks?: DropoutMasks,
): RecurrentValues {
  const gru1 = gruLayer(features, book, task, 'gru1');
  const gru2 = gruLayer(masks ? multiply(gru1, masks.gru1) : gru1, book, task, 'gru2');
  const raw = masks ? multiply(gru2, masks.gru2) : gru2;
  const subjectLogits = subjectOf({ raw, whole: gru2, features }, book, task);
  if (book.settings.supervision === 'sub-lab') return { gru1, gru2, subjectLogits };
  return { gru1, gru2, subjectLogits, sliceLogits: sliceOf(raw, features, book, task) };
}

/** What subjects are read from. */
interface Outputs {
  /** Of the last layer, after dropout. */
  readonly raw: Value;
  /** The same before it. */
  readonly whole: Value;
  /** Of the CNN. */
  readonly features: Value;
}

/** The logits of each slice, [slices, outputs], from the last layer's outputs, and from the slice's own features where they have a say. */
function sliceOf(outputs: Value, features: Value, book: ParameterBook, task: TaskName): Value {
  const recurrent = head(outputs, book, task, 'slice');
  if (!hearsCnn(book.settings)) return recurrent;
  return multiply(add(recurrent, head(features, book, task, 'cnn')), 0.5);
}

/**
 * Supplement 4: the raw outputs of the last layer, not the slices' probabilities, are averaged. The surest slice is one of
 * the outputs without dropout, which would raise it while training.
 */
function subjectOf({ raw, whole, features }: Outputs, book: ParameterBook, task: TaskName): Value {
  const mean = reduceMean(raw, { axes: [0], keep: true });
  const ofMean = reshape(head(mean, book, task, 'subject'), [TASKS[task].outputs]);
  if (book.settings.subjectReads !== 'meanAndSurestSlice') return ofMean;
  return add(ofMean, surestSlice(sliceOf(whole, features, book, task), task));
}

/** Of each output the logit on the slice that speaks most for hemorrhage, [slices, outputs] -> [outputs]. */
function surestSlice(logits: Value, task: TaskName): Value {
  const { outputs, positives } = TASKS[task];
  const forHemorrhage = floats(
    Array.from({ length: outputs }, (_, output) => (positives.includes(output) ? 1 : -1)),
  );
  const surest = reduceMax(multiply(logits, forHemorrhage), { axes: [0], keep: false });
  return multiply(surest, forHemorrhage);
}

function gruLayer(x: Value, book: ParameterBook, task: TaskName, layer: Layer): Value {
  const sequence = unsqueeze(x, 1);
  const [forward, backward] = [
    gruWeights(book, task, layer, 'forward'),
    gruWeights(book, task, layer, 'backward'),
  ];
  return squeeze(bidirectionalGru(sequence, forward, backward), 1);
}

export function gruWeights(
  book: ParameterBook,
  task: TaskName,
  layer: Layer,
  direction: (typeof DIRECTIONS)[number],
): GruWeights {
  const of = (name: string) => book.of(`${task}/${layer}/${direction}/${name}`);
  return {
    input: of('inputWeights'),
    recurrent: of('hiddenWeights'),
    inputBias: of('inputBias'),
    recurrentBias: of('hiddenBias'),
  };
}

const head = (x: Value, book: ParameterBook, task: TaskName, name: HeadName): Value =>
  dense(x, book.of(`${task}/${name}Head/weights`), book.of(`${task}/${name}Head/bias`));

/** The shape of one dropout mask. */
export const maskShape = (slices: Dimension, hidden: number): readonly Dimension[] => [slices, 2 * hidden];
