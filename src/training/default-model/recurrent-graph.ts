import { HEMORRHAGE_SUBTYPES, type Random, type Tensor } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  gradients,
  input,
  multiply,
  reduceMax,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import {
  buildRecurrent,
  createParameterBook,
  MOBILENET_SETTINGS,
  maskShape,
  recurrentParameters,
  TASK_NAMES,
  TASKS,
  type TaskName,
  type Weights,
} from '../../network/index.ts';

const { features: FEATURES, hidden: HIDDEN } = MOBILENET_SETTINGS;

export const RECURRENT_PARAMETERS = TASK_NAMES.flatMap((task) =>
  recurrentParameters(MOBILENET_SETTINGS, task),
);

/** Masks of a step: 0 where dropped, else 1 / (1 - dropout). */
const MASKS = TASK_NAMES.flatMap((task) => [`${task}/gru1`, `${task}/gru2`]);

/**
 * One step of both recurrent parts on the features of one series: l = l_slice + l_subject for each (Ye et al.,
 * supplement 5); the five-type network's counts only where `hemorrhage` is 1.
 */
export function recurrentStep(): Uint8Array {
  const book = createParameterBook(MOBILENET_SETTINGS);
  const features = multiply(input('features', ['slices', FEATURES]), input('kept', ['slices', FEATURES]));
  const lossOf = (task: TaskName): Value => {
    const mask = (layer: string) => input(`${task}/${layer}`, maskShape('slices', HIDDEN));
    const values = buildRecurrent(features, book, task, { gru1: mask('gru1'), gru2: mask('gru2') });
    const targets = input(`${task}/targets`, ['slices', TASKS[task].outputs]);
    const subject = input(`${task}/subject`, [TASKS[task].outputs]);
    const ofSlices = binaryCrossEntropyWithLogits(values.sliceLogits as Value, targets);
    return add(ofSlices, binaryCrossEntropyWithLogits(values.subjectLogits, subject));
  };
  const loss = add(lossOf('twoType'), multiply(lossOf('fiveType'), reduceMax(input('hemorrhage', [1]))));
  const slopes = gradients(
    loss,
    RECURRENT_PARAMETERS.map(({ name }) => book.of(name)),
  );
  const named = RECURRENT_PARAMETERS.map(({ name }, i) => [`gradient/${name}`, slopes[i] as Value]);
  return toOnnx(createGraph('recurrent step', { outputs: { loss, ...Object.fromEntries(named) } }));
}

/** Features of one series -> the logits of both networks. */
export function recurrentGraph(weights: Weights): Uint8Array {
  const book = createParameterBook(MOBILENET_SETTINGS);
  const features = input('features', ['slices', FEATURES]);
  const outputs = TASK_NAMES.flatMap((task) => {
    const { sliceLogits, subjectLogits } = buildRecurrent(features, book, task);
    return [
      [`${task}/slices`, sliceLogits as Value],
      [`${task}/subject`, subjectLogits],
    ];
  });
  return toOnnx(createGraph('recurrent', { outputs: Object.fromEntries(outputs) }), { weights });
}

/** A series' six targets a slice as the feeds of a step. */
export function targetFeeds(targets: readonly (readonly number[])[]): Record<string, Tensor> {
  const subject = targets.reduce((a, b) => a.map((v, i) => Math.max(v, b[i] as number)));
  const floats = (rows: readonly (readonly number[])[]): Tensor => ({
    element: 'float32',
    shape: [rows.length, (rows[0] as readonly number[]).length],
    data: Float32Array.from(rows.flat()),
  });
  const flat = (row: readonly number[]): Tensor => ({
    element: 'float32',
    shape: [row.length],
    data: Float32Array.from(row),
  });
  const twoType = ([any = 0]: readonly number[]) => [1 - any, any];
  const fiveType = (row: readonly number[]) => row.slice(1, 1 + HEMORRHAGE_SUBTYPES.length);
  return {
    'twoType/targets': floats(targets.map(twoType)),
    'twoType/subject': flat(twoType(subject)),
    'fiveType/targets': floats(targets.map(fiveType)),
    'fiveType/subject': flat(fiveType(subject)),
    hemorrhage: flat([subject[0] as number]),
  };
}

/** Dropout of a step, drawn. */
export function maskFeeds(slices: number, random: Random, featureDropout: number): Record<string, Tensor> {
  const mask = (width: number, dropout: number): Tensor => ({
    element: 'float32',
    shape: [slices, width],
    data: Float32Array.from({ length: slices * width }, () =>
      random.chance(1 - dropout) ? 1 / (1 - dropout) : 0,
    ),
  });
  const ofLayers = MASKS.map((name) => [name, mask(2 * HIDDEN, MOBILENET_SETTINGS.dropout)] as const);
  return { kept: mask(FEATURES, featureDropout), ...Object.fromEntries(ofLayers) };
}
