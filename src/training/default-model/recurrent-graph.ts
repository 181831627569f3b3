import { at, HEMORRHAGE_SUBTYPES, type Random, type Tensor } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  gradients,
  input,
  multiply,
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

/**
 * One step of a task's recurrent part on the features of one series: l = l_slice + l_subject (Ye et al., supplement 5).
 */
export function recurrentStep(task: TaskName): Uint8Array {
  const book = createParameterBook(MOBILENET_SETTINGS);
  const features = multiply(input('features', ['slices', FEATURES]), input('kept', ['slices', FEATURES]));
  const mask = (layer: string) => input(layer, maskShape('slices', HIDDEN));
  const values = buildRecurrent(features, book, task, { gru1: mask('gru1'), gru2: mask('gru2') });
  const targets = input('targets', ['slices', TASKS[task].outputs]);
  const subject = input('subject', [TASKS[task].outputs]);
  const ofSlices = binaryCrossEntropyWithLogits(values.sliceLogits as Value, targets);
  const loss = add(ofSlices, binaryCrossEntropyWithLogits(values.subjectLogits, subject));
  const names = RECURRENT_PARAMETERS.map(({ name }) => name).filter((name) => name.startsWith(`${task}/`));
  const slopes = gradients(
    loss,
    names.map((name) => book.of(name)),
  );
  const named = names.map((name, i) => [`gradient/${name}`, at(slopes, i)]);
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

/** What each task learns of a slice's six targets. */
const TARGETS: Readonly<Record<TaskName, (row: readonly number[]) => readonly number[]>> = {
  twoType: ([any = 0]) => [1 - any, any],
  fiveType: (row) => row.slice(1, 1 + HEMORRHAGE_SUBTYPES.length),
};

/** A series' six targets a slice as the feeds of a step. */
export function targetFeeds(task: TaskName, targets: readonly (readonly number[])[]): Record<string, Tensor> {
  const subject = targets.reduce((a, b) => a.map((v, i) => Math.max(v, at(b, i))));
  const [rows, whole] = [targets.map(TARGETS[task]), TARGETS[task](subject)];
  const floats = (shape: readonly number[], data: readonly number[]): Tensor => ({
    element: 'float32',
    shape,
    data: Float32Array.from(data),
  });
  return {
    targets: floats([rows.length, whole.length], rows.flat()),
    subject: floats([whole.length], whole),
  };
}

/** Dropout of a step, drawn: 0 where dropped, else 1 / (1 - dropout). */
export function maskFeeds(slices: number, random: Random, featureDropout: number): Record<string, Tensor> {
  const mask = (width: number, dropout: number): Tensor => ({
    element: 'float32',
    shape: [slices, width],
    data: Float32Array.from({ length: slices * width }, () =>
      random.chance(1 - dropout) ? 1 / (1 - dropout) : 0,
    ),
  });
  const layer = () => mask(2 * HIDDEN, MOBILENET_SETTINGS.dropout);
  return { kept: mask(FEATURES, featureDropout), gru1: layer(), gru2: layer() };
}
