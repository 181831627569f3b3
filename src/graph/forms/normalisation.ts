import { at, firstOf } from '../../base/index.ts';
import { fixedSizes } from '../dimension.ts';
import {
  apply,
  applyAll,
  fixedDimension,
  float,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
  type ValueType,
} from '../value.ts';
import { reshape } from './layout.ts';

export interface LocalResponseAttributes {
  /** Channels in the window, odd. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** y = x / (bias + alpha / size * sum of x^2 over `size` neighbouring channels)^beta (AlexNet 3.3, GoogLeNet). */
export const LOCAL_RESPONSE: OperatorForm<LocalResponseAttributes> = {
  name: 'localResponseNormalisation',
  outputs: (inputs, { size }) => {
    const x = at(inputs, 0);
    fixedDimension('localResponseNormalisation', x, 1);
    if (size % 2 !== 1) throw shapeFault('localResponseNormalisation', inputs, `an odd window, not ${size}`);
    return [float(x.shape)];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { size, alpha, beta, bias }) => {
    const numbers = { alpha: { float: alpha }, beta: { float: beta }, bias: { float: bias } };
    const attributes = { size: { int: size }, ...numbers };
    const rest = fixedSizes(at(inputTypes, 0).shape.slice(1));
    if (rest.length === 3) {
      writer.node('LRN', inputs, attributes, outputs);
      return;
    }
    // ONNX Runtime takes images only: the places of a volume become one long column
    const column = writer.node('Reshape', [at(inputs, 0), writer.integers([0, 0, -1, 1])]);
    const shape = writer.integers([0, ...rest]);
    writer.node('Reshape', [writer.node('LRN', [column], attributes), shape], {}, outputs);
  },
};

/** Inputs x [N, channels, ...], scale, shift, mean, variance [channels]: the form for inference. */
export const BATCH_NORMALISATION: OperatorForm<{ epsilon: number }> = {
  name: 'batchNormalisation',
  outputs: (inputs) => {
    const [x, ...perChannel] = inputs;
    const fits =
      perChannel.length === 4 && perChannel.every((p) => p.shape.length === 1 && p.shape[0] === x.shape[1]);
    if (!fits) throw shapeFault('batchNormalisation', inputs, '[N, channels, ...] and four times [channels]');
    return [float(x.shape)];
  },
  onnx: (writer, { inputs, outputs }, { epsilon }) => {
    writer.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }, outputs);
  },
};

/** The axes over which a channel's statistics are taken: all but the second. */
export const besideChannels = ({ shape }: ValueType): number[] =>
  shape.map((_, axis) => axis).filter((axis) => axis !== 1);

/**
 * Inputs x [N, channels, ...], scale, shift [channels]; outputs the same normalised by its own statistics, its mean and
 * its biased variance [channels]. An operator of its own: differentiated part by part it takes more passes over the maps.
 */
export const TRAIN_BATCH_NORMALISATION: OperatorForm<{ epsilon: number }> = {
  name: 'trainBatchNormalisation',
  outputs: (inputs) => {
    const [x, ...perChannel] = firstOf(inputs, 3);
    const channels = fixedDimension('trainBatchNormalisation', x, 1);
    if (perChannel.some(({ shape }) => shape.length !== 1 || shape[0] !== channels))
      throw shapeFault('trainBatchNormalisation', inputs, '[N, channels, ...] and twice [channels]');
    return [float(x.shape), float([channels]), float([channels])];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { epsilon }) => {
    const [x, scale, shift] = firstOf(inputs, 3);
    const [y, mean, variance] = firstOf(outputs, 3);
    const axes = writer.integers(besideChannels(at(inputTypes, 0)));
    const flat = { keepdims: { int: 0 } };
    writer.node('ReduceMean', [x, axes], flat, [mean]);
    const meanSquare = writer.node('ReduceMean', [writer.node('Mul', [x, x]), axes], flat);
    const spread = writer.node('Sub', [meanSquare, writer.node('Mul', [mean, mean])]);
    writer.node('Relu', [spread], {}, [variance]);
    writer.node('BatchNormalization', [x, scale, shift, mean, variance], { epsilon: { float: epsilon } }, [
      y,
    ]);
  },
};

const ALEXNET: LocalResponseAttributes = { size: 5, alpha: 1e-4, beta: 0.75, bias: 1 };

export const localResponseNormalisation = (
  x: Value,
  options: Partial<LocalResponseAttributes> = {},
): ResultValue => apply(LOCAL_RESPONSE, [x], { ...ALEXNET, ...options });

export interface BatchNormalisationWeights {
  readonly scale: Value;
  readonly shift: Value;
}
export interface RunningStatistics {
  readonly mean: Value;
  readonly variance: Value;
}
const EPSILON = 1e-5;

/** Normalises with statistics gathered before: inference, or training with a frozen layer. */
export const batchNormalisation = (
  x: Value,
  { scale, shift }: BatchNormalisationWeights,
  { mean, variance }: RunningStatistics,
  epsilon = EPSILON,
): ResultValue => apply(BATCH_NORMALISATION, [x, scale, shift, mean, variance], { epsilon });

/** Turns [channels] into the shape that broadcasts over [N, channels, ...]. */
export const overChannels = (perChannel: Value, x: Value): ResultValue =>
  reshape(
    perChannel,
    x.shape.map((_, axis) => (axis === 1 ? at(perChannel.shape, 0) : 1)),
  );

/** Normalises with the batch's own statistics, which are returned for the running ones (variance biased). */
export function trainBatchNormalisation(
  x: Value,
  { scale, shift }: BatchNormalisationWeights,
  epsilon = EPSILON,
): { readonly output: ResultValue } & RunningStatistics {
  const results = applyAll(TRAIN_BATCH_NORMALISATION, [x, scale, shift], { epsilon });
  const [output, mean, variance] = firstOf(results, 3);
  return { output, mean, variance };
}

/**
 * Folds a batch normalisation into the convolution before it: weights [out, ...] and bias [out] such that the
 * convolution alone gives what both gave.
 */
export function foldBatchNormalisation(
  convolution: { readonly weights: Float32Array; readonly bias?: Float32Array },
  normalisation: Readonly<Record<'mean' | 'scale' | 'shift' | 'variance', Float32Array>>,
  epsilon = EPSILON,
): { readonly weights: Float32Array; readonly bias: Float32Array } {
  const { mean, scale, shift, variance } = normalisation;
  const factors = scale.map((s, channel) => s / Math.sqrt(at(variance, channel) + epsilon));
  const perChannel = convolution.weights.length / factors.length;
  const weights = convolution.weights.map((w, i) => w * at(factors, Math.floor(i / perChannel)));
  const bias = shift.map((b, channel) => {
    const before = (convolution.bias?.[channel] ?? 0) - at(mean, channel);
    return b + before * at(factors, channel);
  });
  return { weights, bias };
}
