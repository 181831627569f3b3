import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  gradients,
  input,
  multiply,
  reduceMean,
  softplus,
  subtract,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import {
  buildRecurrent,
  buildTrunk,
  createParameterBook,
  IMAGE_SIDE,
  maskShape,
  type NetworkSettings,
  type ParameterBook,
  PREPROCESSING,
  TASKS,
  type TaskName,
  trunkOf,
} from '../../network/index.ts';
import { movedByOneMap } from './augmentation.ts';
import { networkOf, type TrainingSettings } from './settings.ts';

/** Outputs that are gradients carry this before the parameter's name. */
export const GRADIENT = 'gradient/';

/** The graphs of one network's training; parameters are inputs, so that Adam can change them in place. */
export interface TrainingGraphs {
  /** Everything in one: prepared, map, targets, masks -> loss and all gradients. */
  readonly whole: Uint8Array;
  /** A chunk: prepared, map -> features. */
  readonly features: Uint8Array;
  /** Features of all slices, targets, masks -> loss, `cotangent` by the features, the recurrent part's gradients. */
  readonly head: Uint8Array;
  /** A chunk: prepared, map, cotangent -> the CNN's gradients; its activations are computed anew. */
  readonly trunk: Uint8Array;
  /** Features of all slices, targets -> loss and logits, nothing dropped. */
  readonly judge: Uint8Array;
  readonly trunkParameters: readonly string[];
  readonly headParameters: readonly string[];
}

export function trainingGraphs(settings: TrainingSettings, task: TaskName): TrainingGraphs {
  const network = networkOf(settings);
  const book = createParameterBook(network, [task]);
  const names = book.specs.map((spec) => spec.name);
  const ofTrunk = book.specs.filter(({ part }) => part === 'cnn' || part === 'dense').map(({ name }) => name);
  const ofHead = names.filter((name) => !ofTrunk.includes(name));
  const parametersNamed = (wanted: readonly string[]) => wanted.map((name) => book.of(name));
  const named = (wanted: readonly string[], values: readonly Value[]) =>
    Object.fromEntries(wanted.map((name, i) => [GRADIENT + name, values[i] as Value]));
  const onnx = (name: string, outputs: Record<string, Value>) => toOnnx(createGraph(name, { outputs }));

  const features = featuresOf(network, book, task);
  const read = input('features', ['slices', network.features]);
  const cotangent = input('cotangent', ['slices', network.features]);
  const wholeLoss = lossOf(features, settings, book, task, true).loss;
  const headLoss = lossOf(read, settings, book, task, true).loss;
  const [byFeatures, ...byHead] = gradients(headLoss, [read, ...parametersNamed(ofHead)]);
  const { loss, logits } = lossOf(read, settings, book, task, false);
  return {
    whole: onnx('whole step', {
      loss: wholeLoss,
      ...named(names, gradients(wholeLoss, parametersNamed(names))),
    }),
    features: onnx('features', { features }),
    head: onnx('head', { loss: headLoss, cotangent: byFeatures as Value, ...named(ofHead, byHead) }),
    trunk: onnx('CNN', named(ofTrunk, gradients([{ value: features, cotangent }], parametersNamed(ofTrunk)))),
    judge: onnx('judge', { loss, ...logits }),
    trunkParameters: ofTrunk,
    headParameters: ofHead,
  };
}

/** HU above the floor, as the preprocessing's row prepares it, moved by the scan's map, through the CNN. */
function featuresOf(network: NetworkSettings, book: ParameterBook, task: TaskName): Value {
  const prepared = input('prepared', ['slices', IMAGE_SIDE, IMAGE_SIDE]);
  const moved = movedByOneMap(prepared, input('map', [1, 2, 3]));
  const images = PREPROCESSING[network.preprocessing].channels(moved);
  return buildTrunk(images, book, trunkOf(network, task)).features;
}

/** l = w_slice l_slice + w_subject l_subject, each the mean over its outputs; Sub-Lab has the subject's alone. */
function lossOf(
  features: Value,
  settings: TrainingSettings,
  book: ParameterBook,
  task: TaskName,
  drops: boolean,
): { loss: Value; logits: Record<string, Value> } {
  const mask = (layer: string) => input(`mask/${layer}`, maskShape('slices', book.settings.hidden));
  const masks = drops ? { gru1: mask('gru1'), gru2: mask('gru2') } : undefined;
  const { subjectLogits, sliceLogits } = buildRecurrent(features, book, task, masks);
  const { outputs } = TASKS[task];
  const { slice, subject } = settings.lossWeights;
  const entropy = (logits: Value, targets: Value) => crossEntropy(logits, targets, settings.positiveWeight);
  const ofSubject = multiply(entropy(subjectLogits, input('targets/subject', [outputs])), subject);
  if (sliceLogits === undefined) return { loss: ofSubject, logits: { subjectLogits } };
  const ofSlices = multiply(entropy(sliceLogits, input('targets/slices', ['slices', outputs])), slice);
  return { loss: add(ofSlices, ofSubject), logits: { subjectLogits, sliceLogits } };
}

/** Mean binary cross-entropy, positive targets weighted. */
function crossEntropy(logits: Value, targets: Value, positiveWeight: number): Value {
  if (positiveWeight === 1) return binaryCrossEntropyWithLogits(logits, targets);
  const each = subtract(softplus(logits), multiply(logits, targets));
  const weights = add(multiply(targets, positiveWeight - 1), 1);
  return reduceMean(multiply(each, weights));
}
