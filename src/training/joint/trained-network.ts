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
  /** Numbers that the convolutions leave of a slice, or of a scan. */
  readonly bridge: number;
  readonly features: number;
  /** Levels whose labels enter the loss. */
  readonly supervised: { readonly slice: boolean; readonly subject: boolean };
  /** Images [slices, 3, 256, 256], 0 to 1 -> [slices, bridge]; [1, bridge] where a scan is seen at once. */
  buildBridge(images: Value): Value;
  /** [slices or 1, bridge] -> [slices or 1, features]. */
  buildFeatures(bridge: Value): Value;
  buildLogits(features: Value, drops: boolean): Logits;
}

export function formOf(settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  return settings.network === 'cnn-rnn'
    ? jointForm(settings, task)
    : rivalForm(RIVALS[settings.network], settings, task);
}

function jointForm(settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  const network = networkOf(settings);
  const specs = parametersOf(network, [task]);
  const book = { settings: network, specs, ...bookOf(specs) };
  const maskOf = (name: string) => input(name, maskShape('slices', network.hidden));
  return {
    of: book.of,
    specs,
    sees: 'slices',
    bridge: bridgeSize(CNN_PLANS[network.cnn]),
    features: network.features,
    supervised: { slice: settings.supervision === 'sli-lab', subject: true },
    buildBridge: (images) => buildBridge(images, book, trunkOf(network, task)),
    buildFeatures: (bridge) => buildDense(bridge, book, trunkOf(network, task)),
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
    bridge: rival.bridge(size),
    features: rival.features(size),
    supervised: { slice: bySlice, subject: !bySlice },
    buildBridge: (images) => rival.buildBridge(images, parameters, task, size),
    buildFeatures: (bridge) => rival.buildFeatures(bridge, parameters, task, size),
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
