import type { Random, Tensor } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  input,
  multiply,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import {
  buildRecurrent,
  createParameterBook,
  MOBILENET_SETTINGS,
  type NetworkSettings,
  type ParameterSpec,
  recurrentParameters,
  TASK_NAMES,
  type TaskName,
  type Weights,
} from '../../network/index.ts';
import { dropoutMask, gruMaskFeeds, gruMaskInputs, targetInputs } from '../common/feeds.ts';
import { stepOutputs } from '../common/gradients.ts';

const { features: FEATURES } = MOBILENET_SETTINGS;

/** Of both tasks. */
export const bothParameters = (settings: NetworkSettings): ParameterSpec[] =>
  TASK_NAMES.flatMap((task) => recurrentParameters(settings, task));

/**
 * One step of a task's recurrent part on the features of one series: l = l_slice + l_subject (Ye et al., supplement 5).
 */
export function recurrentStep(settings: NetworkSettings, task: TaskName): Uint8Array {
  const book = createParameterBook(settings);
  const features = multiply(input('features', ['slices', FEATURES]), input(KEPT, ['slices', FEATURES]));
  const { sliceLogits, subjectLogits } = buildRecurrent(features, book, task, gruMaskInputs(settings));
  const targets = targetInputs(task);
  const loss = add(
    binaryCrossEntropyWithLogits(sliceLogits as Value, targets.slices()),
    binaryCrossEntropyWithLogits(subjectLogits, targets.subject()),
  );
  const trained = recurrentParameters(settings, task).map(({ name }) => book.of(name));
  const outputs = stepOutputs(loss, trained);
  return toOnnx(createGraph('recurrent step', { outputs }));
}

/** The logits that `recurrentGraph` gives of a task: [slices, outputs] and [outputs]. */
export const logitNames = (task: TaskName) => ({ slices: `${task}/slices`, subject: `${task}/subject` });

/** Features of one series -> the logits of both networks. */
export function recurrentGraph(settings: NetworkSettings, weights: Weights): Uint8Array {
  const book = createParameterBook(settings);
  const features = input('features', ['slices', FEATURES]);
  const outputs = TASK_NAMES.flatMap((task) => {
    const { sliceLogits, subjectLogits } = buildRecurrent(features, book, task);
    const names = logitNames(task);
    return [
      [names.slices, sliceLogits as Value],
      [names.subject, subjectLogits],
    ];
  });
  return toOnnx(createGraph('recurrent', { outputs: Object.fromEntries(outputs) }), { weights });
}

const KEPT = 'kept';

/** Dropout of a step, drawn: of the features, then of both layers. */
export const maskFeeds = (
  slices: number,
  random: Random,
  featureDropout: number,
): Record<string, Tensor> => ({
  [KEPT]: dropoutMask([slices, FEATURES], featureDropout, random),
  ...gruMaskFeeds(slices, MOBILENET_SETTINGS, random),
});
