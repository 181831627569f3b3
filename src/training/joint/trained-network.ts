import { reshape, type Value } from '../../graph/index.ts';
import {
  type BookOf,
  bookOf,
  bridgeSize,
  buildBridge,
  buildDense,
  buildRecurrent,
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
import { gruMaskInputs } from '../common/feeds.ts';
import { networkOf, rivalSizeOf, type TrainingSettings } from './settings.ts';

export interface Logits {
  /** [outputs]. */
  readonly subjectLogits: Value;
  /** [slices, outputs]; absent where the network says nothing of single slices. */
  readonly sliceLogits?: Value;
}

/** What a training needs to know of a network, the paper's own or a rival: built once and handed on. */
export interface TrainedNetworkForm extends BookOf {
  readonly settings: TrainingSettings;
  readonly task: TaskName;
  readonly specs: readonly ParameterSpec[];
  /** A scan at once, or its slices in chunks. */
  readonly sees: Rival['sees'];
  readonly features: number;
  readonly supervised: SupervisedLevels;
  /** Images [slices, 3, 256, 256], 0 to 1 -> [slices, features]; [1, features] where a scan is seen at once. */
  buildFeatures(images: Value): Value;
  buildLogits(features: Value, drops: boolean): Logits;
  /** The joint network can be cut where its convolutions end. */
  readonly cut?: ConvolutionsCut;
}

export interface ConvolutionsCut {
  /** Numbers that the convolutions leave of a slice. */
  readonly bridgeSize: number;
  /** Images [slices, 3, 256, 256], 0 to 1 -> what the dense layer reads, [slices, bridge]. */
  buildBridge(images: Value): Value;
  /** [slices, bridge] -> [slices, features]. */
  buildDense(bridge: Value): Value;
}

/** Levels whose labels enter the loss. */
export interface SupervisedLevels {
  readonly slice: boolean;
  readonly subject: boolean;
}

export function supervisedLevels({ network, supervision }: TrainingSettings): SupervisedLevels {
  if (network === 'cnn-rnn') return { slice: supervision === 'sli-lab', subject: true };
  const bySlice = RIVALS[network].sees === 'slices';
  return { slice: bySlice, subject: !bySlice };
}

/** Names and shapes of a network's weights. */
export const specsOf = (settings: TrainingSettings, task: TaskName): readonly ParameterSpec[] =>
  settings.network === 'cnn-rnn'
    ? parametersOf(networkOf(settings), [task])
    : RIVALS[settings.network].specs(task, rivalSizeOf(settings));

export const formOf = (settings: TrainingSettings, task: TaskName): TrainedNetworkForm =>
  settings.network === 'cnn-rnn'
    ? jointForm(settings, task)
    : rivalForm(RIVALS[settings.network], settings, task);

function jointForm(settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  const network = networkOf(settings);
  const specs = specsOf(settings, task);
  const book = { settings: network, specs, ...bookOf(specs) };
  const trunk = trunkOf(network, task);
  const cut: ConvolutionsCut = {
    bridgeSize: bridgeSize(network),
    buildBridge: (images) => buildBridge(images, book, trunk),
    buildDense: (bridge) => buildDense(bridge, book, trunk),
  };
  return {
    settings,
    task,
    of: book.of,
    specs,
    sees: 'slices',
    features: network.features,
    supervised: supervisedLevels(settings),
    buildFeatures: (images) => cut.buildDense(cut.buildBridge(images)),
    buildLogits: (features, drops) =>
      buildRecurrent(features, book, task, drops ? gruMaskInputs(network) : undefined),
    cut,
  };
}

function rivalForm(rival: Rival, settings: TrainingSettings, task: TaskName): TrainedNetworkForm {
  const size = rivalSizeOf(settings);
  const specs = specsOf(settings, task);
  const parameters = bookOf(specs);
  return {
    settings,
    task,
    of: parameters.of,
    specs,
    sees: rival.sees,
    features: rival.features(size),
    supervised: supervisedLevels(settings),
    buildFeatures: (images) => rival.buildFeatures(images, parameters, task, size),
    buildLogits: (features) => {
      const logits = outputLogits(features, parameters, task);
      if (rival.sees === 'scan') return { subjectLogits: reshape(logits, [TASKS[task].outputs]) };
      return { subjectLogits: subjectOfSlices(logits), sliceLogits: logits };
    },
  };
}

/** Each parameter's rate where the schedule stands at `rate`: for the joint network's recurrent part times its factor. */
export function ratesOf(
  { specs, cut }: TrainedNetworkForm,
  { rate, recurrentRateFactor }: Pick<TrainingSettings, 'rate' | 'recurrentRateFactor'>,
): (parameter: string) => number {
  const recurrent = new Set(
    specs.filter(({ part }) => cut && (part === 'gru' || part === 'head')).map(({ name }) => name),
  );
  return (parameter) => (recurrent.has(parameter) ? rate * recurrentRateFactor : rate);
}
