import {
  apply,
  fixedDimension,
  float,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
  type ValueType,
} from '../value.ts';
import { add, divide, multiply, squareRoot, subtract } from './elementwise.ts';
import { reshape } from './layout.ts';
import { reduceMean } from './reduction.ts';

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
    const x = inputs[0] as ValueType;
    fixedDimension('localResponseNormalisation', x, 1);
    if (size % 2 !== 1) throw shapeFault('localResponseNormalisation', inputs, `an odd window, not ${size}`);
    return [float(x.shape)];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { size, alpha, beta, bias }) => {
    const numbers = { alpha: { float: alpha }, beta: { float: beta }, bias: { float: bias } };
    const attributes = { size: { int: size }, ...numbers };
    const [, ...rest] = (inputTypes[0] as ValueType).shape as number[];
    if (rest.length === 3) {
      writer.node('LRN', inputs, attributes, outputs);
      return;
    }
    // ONNX Runtime takes images only: the places of a volume become one long column
    const column = writer.node('Reshape', [inputs[0] as string, writer.integers([0, 0, -1, 1])]);
    const shape = writer.integers([0, ...rest]);
    writer.node('Reshape', [writer.node('LRN', [column], attributes), shape], {}, outputs);
  },
};

/** Inputs x [N, channels, ...], scale, shift, mean, variance [channels]: the form for inference. */
export const BATCH_NORMALISATION: OperatorForm<{ epsilon: number }> = {
  name: 'batchNormalisation',
  outputs: (inputs) => {
    const [x, ...perChannel] = inputs as [ValueType, ...ValueType[]];
    const fits =
      perChannel.length === 4 && perChannel.every((p) => p.shape.length === 1 && p.shape[0] === x.shape[1]);
    if (!fits) throw shapeFault('batchNormalisation', inputs, '[N, channels, ...] and four times [channels]');
    return [float(x.shape)];
  },
  onnx: (writer, { inputs, outputs }, { epsilon }) => {
    writer.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }, outputs);
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
    x.shape.map((_, axis) => (axis === 1 ? (perChannel.shape[0] as number) : 1)),
  );

/** Normalises with the batch's own statistics, which are returned for the running ones (variance biased). */
export function trainBatchNormalisation(
  x: Value,
  { scale, shift }: BatchNormalisationWeights,
  epsilon = EPSILON,
): { readonly output: ResultValue } & RunningStatistics {
  const axes = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const mean = reduceMean(x, { axes });
  const centred = subtract(x, overChannels(mean, x));
  const variance = reduceMean(multiply(centred, centred), { axes });
  const factor = divide(scale, squareRoot(add(variance, epsilon)));
  const output = add(multiply(centred, overChannels(factor, x)), overChannels(shift, x));
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
  const factors = scale.map((s, channel) => s / Math.sqrt((variance[channel] as number) + epsilon));
  const perChannel = convolution.weights.length / factors.length;
  const weights = convolution.weights.map((w, i) => w * (factors[Math.floor(i / perChannel)] as number));
  const bias = shift.map((b, channel) => {
    const before = (convolution.bias?.[channel] ?? 0) - (mean[channel] as number);
    return b + before * (factors[channel] as number);
  });
  return { weights, bias };
}
