import { input, reshape, type Value } from '../../graph/index.ts';
import {
  type BookOf,
  bookOf,
  bridgeSize,
  buildBridge,
  buildDense,
  buildRecurrent,
  CNN_PLANS,
  maskShape,
  outputLogits,
  type ParameterSpec,
  parametersOf,
  RIVALS,
  type Rival,
  subjectOfSlices,
  TASKS,
  type TaskName,
  trunkOf,
} from '../../network/index.ts';
import { networkOf, rateOf, rivalSizeOf, type TrainingSettings } from './settings.ts';

export interface Logits {
  /** [outputs]. */
  readonly subjectLogits: Value;
  /** [slices, outputs]; absent where the network says nothing of single slices. */
  readonly sliceLogits?: Value;
}

/** What the loop needs to know of a network, the paper's own or a rival. */
export interface TrainedNetworkForm extends BookOf {
  readonly specs: readonly ParameterSpec[];
  /** A scan at once, or its slices in chunks. */
  readonly sees: Rival['sees'];
  readonly features: number;
  /** Levels whose labels enter the loss. */
  readonly supervised: { readonly slice: boolean; readonly subject: boolean };
  /** Images [slices, 3, 256, 256], 0 to 1 -> [slices, features]; [1, features] where a scan is seen at once. */
  buildFeatures(images: Value): Value;
  buildLogits(features: Value, drops: boolean): Logits;
}

/** The joint network, cut where its convolutions end. */
export interface JointForm extends TrainedNetworkForm {
  /** Numbers that the convolutions leave of a slice. */
  readonly bridgeSize: number;
  /** Images [slices, 3, 256, 256], 0 to 1 -> what the dense layer reads, [slices, bridge]. */
  buildBridge(images: Value): Value;
  /** [slices, bridge] -> [slices, features]. */
  buildDense(bridge: Value): Value;
}

export function formOf(settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  return settings.network === 'cnn-rnn'
    ? jointForm(settings, task)
    : rivalForm(RIVALS[settings.network], settings, task);
}

export function jointForm(settings: TrainingSettings, task: TaskName): JointForm {
  const network = networkOf(settings);
  const specs = parametersOf(network, [task]);
  const book = { settings: network, specs, ...bookOf(specs) };
  const trunk = trunkOf(network, task);
  const maskOf = (name: string) => input(name, maskShape('slices', network.hidden));
  return {
    of: book.of,
    specs,
    sees: 'slices',
    features: network.features,
    supervised: { slice: settings.supervision === 'sli-lab', subject: true },
    bridgeSize: bridgeSize(CNN_PLANS[network.cnn]),
    buildBridge: (images) => buildBridge(images, book, trunk),
    buildDense: (bridge) => buildDense(bridge, book, trunk),
    buildFeatures: (images) => buildDense(buildBridge(images, book, trunk), book, trunk),
    buildLogits: (features, drops) => {
      const masks = drops ? { gru1: maskOf('mask/gru1'), gru2: maskOf('mask/gru2') } : undefined;
      return buildRecurrent(features, book, task, masks);
    },
  };
}

function rivalForm(rival: Rival, settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  const size = rivalSizeOf(settings);
  const specs = rival.specs(task, size);
  const parameters = bookOf(specs);
  const bySlice = rival.sees === 'slices';
  return {
    of: parameters.of,
    specs,
    sees: rival.sees,
    features: rival.features(size),
    supervised: { slice: bySlice, subject: !bySlice },
    buildFeatures: (images) => rival.buildFeatures(images, parameters, task, size),
    buildLogits: (features) => {
      const logits = outputLogits(features, parameters, task);
      if (!bySlice) return { subjectLogits: reshape(logits, [TASKS[task].outputs]) };
      return { subjectLogits: subjectOfSlices(logits), sliceLogits: logits };
    },
  };
}

/** Each parameter's rate in an epoch: the schedule's, for the joint network's recurrent part times its factor. */
export function ratesOf(
  settings: TrainingSettings,
  task: TaskName,
  epoch: number,
): (parameter: string) => number {
  const rate = rateOf(settings, epoch);
  const isJoint = settings.network === 'cnn-rnn';
  const { specs } = formOf(settings, task);
  const recurrent = new Set(
    specs.filter(({ part }) => isJoint && (part === 'gru' || part === 'head')).map(({ name }) => name),
  );
  return (parameter) => (recurrent.has(parameter) ? rate * settings.recurrentRateFactor : rate);
}
