import { type DeviceName, nonEmpty } from '../../base/index.ts';
import {
  add,
  binaryCrossEntropyWithLogits,
  createGraph,
  type Dimension,
  gradients,
  input,
  multiply,
  rectifiedLayers,
  reduceMean,
  toOnnx,
  type Value,
} from '../../graph/index.ts';
import { IMAGE_SIDE, PREPROCESSING } from '../../network/index.ts';
import { weightedCrossEntropy, weightsOfTargets } from '../common/cross-entropy.ts';
import { targetInputs } from '../common/feeds.ts';
import { gradientOutputs, stepOutputs } from '../common/gradients.ts';
import { movedByOneMap } from './augmentation.ts';
import { networkOf, positiveWeightsOf, type TrainingSettings } from './settings.ts';
import type { Logits, TrainedNetworkForm } from './trained-network.ts';

/** The graphs of one network's training; parameters are inputs, so that Adam can change them in place. */
export interface TrainingGraphs {
  /** A scan at once: prepared, map, targets, masks -> loss and all gradients. */
  whole(slices: Dimension): Uint8Array;
  /** A chunk, or a scan: prepared, map -> features. */
  features(slices: Dimension): Uint8Array;
  /** Features of all slices, targets, masks -> loss, `cotangent` by the features, the head's gradients. */
  head(): Uint8Array;
  /** A chunk: prepared, map, cotangent -> the CNN's gradients; its activations are computed anew. */
  trunk(): Uint8Array;
  /** Features of all slices, targets -> loss and logits, nothing dropped. */
  judge(): Uint8Array;
  /** Features of all slices -> logits, nothing dropped: what is asked of scans whose labels the loss would lack. */
  answer(): Uint8Array;
  /** The layers of the CNN that a ReLU follows, in the order in which they compute. */
  rectified(slices: Dimension): readonly RectifiedGraph[];
}

/** A layer that a ReLU follows: its parameters' names, and a graph up to it. */
export interface RectifiedGraph {
  readonly weights: string;
  readonly bias: string;
  /** A chunk, or a scan: prepared, map -> `mean` and `meanSquare` [channels] of what enters the ReLU. */
  moments(): Uint8Array;
}

export function trainingGraphs(form: TrainedNetworkForm, device: DeviceName): TrainingGraphs {
  const onnx = writerFor(device);
  const { settings } = form;
  const parametersOf = (isWanted: (part: string) => boolean) => {
    const specs = form.specs.filter(({ part }) => isWanted(part));
    return specs.map(({ name }) => form.of(name));
  };
  const inTrunk = (part: string) => part === 'cnn' || part === 'dense';
  const [ofTrunk, ofHead] = [parametersOf(inTrunk), parametersOf((part) => !inTrunk(part))];
  const features = (slices: Dimension) => form.buildFeatures(imagesOf(settings, slices));
  const read = () => input('features', [form.sees === 'scan' ? 1 : 'slices', form.features]);
  return {
    whole: (slices) => {
      const { loss } = lossOf(features(slices), form, true);
      return onnx('whole step', stepOutputs(loss, [...ofTrunk, ...ofHead]));
    },
    features: (slices) => onnx('features', { features: features(slices) }),
    head: () => {
      const seen = read();
      const { loss } = lossOf(seen, form, true);
      const [cotangent, ...slopes] = nonEmpty(gradients(loss, [seen, ...ofHead]));
      return onnx('head', { loss, cotangent, ...gradientOutputs(ofHead, slopes) });
    },
    trunk: () => {
      const value = features('slices');
      const cotangent = input('cotangent', ['slices', form.features]);
      return onnx('CNN', gradientOutputs(ofTrunk, gradients([{ value, cotangent }], ofTrunk)));
    },
    judge: () => {
      const { loss, logits } = lossOf(read(), form, false);
      return onnx('judge', { loss, ...logits });
    },
    answer: () => onnx('answer', logitsOf(form.buildLogits(read(), false))),
    rectified: (slices) =>
      rectifiedLayers([features(slices)]).map(({ sum, weights, bias }) => ({
        weights: weights.name,
        bias: bias.name,
        moments: () => onnx('moments', momentsOf(sum)),
      })),
  };
}

/** The graphs of the joint network's stage with frozen convolutions. */
export interface FrozenGraphs {
  /** A chunk: prepared, map -> `bridge`, what the convolutions leave for the dense layer. */
  convolutions(): Uint8Array;
  /** Bridge of a scan, targets, masks -> loss, and the gradients of all parameters but the convolutions'. */
  step(): Uint8Array;
  /** Bridge of a scan, targets -> loss and logits, nothing dropped. */
  judge(): Uint8Array;
}

/** Throws RangeError for a network that is not cut: only the joint one has this stage. */
export function frozenGraphs(form: TrainedNetworkForm, device: DeviceName): FrozenGraphs {
  const onnx = writerFor(device);
  const { settings, cut } = form;
  if (cut === undefined) throw new RangeError(`${settings.network} has no stage with frozen convolutions`);
  const learning = form.specs.filter(({ part }) => part !== 'cnn').map(({ name }) => form.of(name));
  const features = () => cut.buildDense(input('bridge', ['slices', cut.bridgeSize]));
  return {
    convolutions: () => onnx('convolutions', { bridge: cut.buildBridge(imagesOf(settings, 'slices')) }),
    step: () => {
      const { loss } = lossOf(features(), form, true);
      return onnx('frozen step', stepOutputs(loss, learning));
    },
    judge: () => {
      const { loss, logits } = lossOf(features(), form, false);
      return onnx('frozen judge', { loss, ...logits });
    },
  };
}

const writerFor =
  (device: DeviceName) =>
  (name: string, outputs: Record<string, Value>): Uint8Array =>
    toOnnx(createGraph(name, { outputs }), { device });

/** Over all axes but the channels'. */
function momentsOf(sum: Value): Record<string, Value> {
  const axes = sum.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return { mean: reduceMean(sum, { axes }), meanSquare: reduceMean(multiply(sum, sum), { axes }) };
}

/** HU above the floor, as the preprocessing's row prepares it, moved by the scan's map, as images. */
function imagesOf(settings: TrainingSettings, slices: Dimension): Value {
  const prepared = input('prepared', [slices, IMAGE_SIDE, IMAGE_SIDE]);
  const moved = movedByOneMap(prepared, input('map', [1, 2, 3]));
  return PREPROCESSING[networkOf(settings).preprocessing].channels(moved);
}

/** l = w_slice l_slice + w_subject l_subject of the levels that are supervised, each the mean over its outputs. */
function lossOf(
  features: Value,
  form: TrainedNetworkForm,
  drops: boolean,
): { loss: Value; logits: Record<string, Value> } {
  const { settings, task } = form;
  const { slice, subject } = settings.lossWeights;
  const targets = targetInputs(task);
  const found = form.buildLogits(features, drops);
  const { subjectLogits, sliceLogits } = found;
  const part = (logits: Value, wanted: Value, weight: number) =>
    multiply(crossEntropy(logits, wanted, positiveWeightsOf(settings, task)), weight);
  const parts: Value[] = [];
  if (form.supervised.slice && sliceLogits) parts.push(part(sliceLogits, targets.slices(), slice));
  if (form.supervised.subject) parts.push(part(subjectLogits, targets.subject(), subject));
  return { loss: parts.reduce(add), logits: logitsOf(found) };
}

const logitsOf = ({ subjectLogits, sliceLogits }: Logits): Record<string, Value> => ({
  subjectLogits,
  ...(sliceLogits && { sliceLogits }),
});

/** Mean binary cross-entropy, positive targets weighted. */
function crossEntropy(logits: Value, targets: Value, positiveWeights: readonly number[]): Value {
  if (positiveWeights.every((weight) => weight === 1)) return binaryCrossEntropyWithLogits(logits, targets);
  return weightedCrossEntropy(logits, targets, weightsOfTargets(targets, positiveWeights));
}
