import { at, firstOf } from '../../base/index.ts';
import { fixedSizes } from '../dimension.ts';
import {
  apply,
  fixedDimension,
  float,
  type OnnxAttributes,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
} from '../value.ts';
import type { ConvolutionAttributes } from './convolution-attributes.ts';
import { isWholeTiles, takesWinograd, writeWinograd } from './winograd.ts';

const onnxAttributes = ({ strides, before, after, groups }: ConvolutionAttributes): OnnxAttributes => ({
  strides: { ints: strides },
  pads: { ints: [...before, ...after] },
  group: { int: groups },
});

/** [N, in, ...space] with weights [out, in / groups, ...kernel] and bias [out]: 2-D and 3-D. */
export const CONVOLUTION: OperatorForm<ConvolutionAttributes> = {
  name: 'convolution',
  outputs: (inputs, attributes) => {
    const [x, w] = firstOf(inputs, 2);
    const b = inputs[2];
    const { strides, before, after, groups } = attributes;
    const rank = strides.length;
    const channels = fixedDimension('convolution', x, 1);
    const [out, perGroup] = firstOf(fixedSizes(w.shape), 2);
    const fits = x.shape.length === rank + 2 && w.shape.length === rank + 2 && perGroup * groups === channels;
    if (!fits || out % groups !== 0 || (b !== undefined && (b.shape.length !== 1 || b.shape[0] !== out))) {
      throw shapeFault(
        'convolution',
        inputs,
        `[N, in, ${rank} sizes], [out, in / ${groups}, ${rank} sizes], [out]`,
      );
    }
    const space = strides.map((stride, axis) => {
      const size = fixedDimension('convolution', x, axis + 2) + at(before, axis) + at(after, axis);
      return Math.floor((size - fixedDimension('convolution', w, axis + 2)) / stride) + 1;
    });
    if (space.some((size) => size < 1))
      throw shapeFault('convolution', inputs, 'a kernel no larger than the padded input');
    return [float([at(x.shape, 0), out, ...space])];
  },
  onnx: (writer, names, attributes) => {
    const [x, w] = firstOf(names.inputTypes, 2);
    const weights = fixedSizes(w.shape);
    if (writer.device === 'cpu' && isWholeTiles(x.shape.slice(2)) && takesWinograd(weights, attributes))
      writeWinograd(writer, names, weights);
    else writer.node('Conv', names.inputs, onnxAttributes(attributes), names.outputs);
  },
};

export interface TransposedConvolutionAttributes extends ConvolutionAttributes {
  /** Rows that no window of the forward convolution reached, at each axis' end. */
  readonly outputPadding: readonly number[];
}

/** The convolution's transpose: x [N, out, ...space], weights [out, in / groups, ...kernel] -> [N, in, ...space]. */
export const TRANSPOSED_CONVOLUTION: OperatorForm<TransposedConvolutionAttributes> = {
  name: 'transposedConvolution',
  outputs: (inputs, { strides, before, after, groups, outputPadding }) => {
    const [x, w] = firstOf(inputs, 2);
    if (
      x.shape.length !== strides.length + 2 ||
      w.shape.length !== x.shape.length ||
      w.shape[0] !== x.shape[1]
    ) {
      throw shapeFault('transposedConvolution', inputs, '[N, out, ...] and [out, in / groups, ...]');
    }
    const space = strides.map((stride, axis) => {
      const grown = (fixedDimension('transposedConvolution', x, axis + 2) - 1) * stride;
      const margin = at(before, axis) + at(after, axis);
      return grown + fixedDimension('transposedConvolution', w, axis + 2) - margin + at(outputPadding, axis);
    });
    return [float([at(x.shape, 0), fixedDimension('transposedConvolution', w, 1) * groups, ...space])];
  },
  onnx: (writer, { inputs, outputs }, attributes) => {
    const padding = { output_padding: { ints: attributes.outputPadding } };
    writer.node('ConvTranspose', inputs, { ...onnxAttributes(attributes), ...padding }, outputs);
  },
};

export interface ConvolutionOptions {
  /** One number for all axes, or one an axis (default 1). */
  readonly stride?: number | readonly number[];
  /** Zeros on both sides of each axis (default 0); `before` and `after` where the sides differ. */
  readonly padding?:
    | number
    | readonly number[]
    | { readonly before: readonly number[]; readonly after: readonly number[] };
  /** Groups of channels that do not mix; as many as channels is a depthwise convolution (default 1). */
  readonly groups?: number;
}

export const perAxis = (value: number | readonly number[], rank: number): readonly number[] =>
  typeof value === 'number' ? Array.from({ length: rank }, () => value) : value;

export function margins(padding: ConvolutionOptions['padding'], rank: number) {
  if (typeof padding === 'object' && 'before' in padding)
    return { before: padding.before, after: padding.after };
  const both = perAxis(padding ?? 0, rank);
  return { before: both, after: both };
}

const convolve =
  (rank: number) =>
  (x: Value, weights: Value, bias: Value | undefined, options: ConvolutionOptions = {}): ResultValue =>
    apply(CONVOLUTION, bias === undefined ? [x, weights] : [x, weights, bias], {
      strides: perAxis(options.stride ?? 1, rank),
      ...margins(options.padding, rank),
      groups: options.groups ?? 1,
    });

/** x [N, in, rows, columns], weights [out, in / groups, kernel rows, kernel columns], bias [out]. */
export const conv2d = convolve(2);
/** x [N, in, slices, rows, columns], weights [out, in / groups, 3 sizes], bias [out]. */
export const conv3d = convolve(3);

export const transposedConvolution = (
  x: Value,
  weights: Value,
  attributes: TransposedConvolutionAttributes,
): ResultValue => apply(TRANSPOSED_CONVOLUTION, [x, weights], attributes);
export const convolution = (x: Value, weights: Value, attributes: ConvolutionAttributes): ResultValue =>
  apply(CONVOLUTION, [x, weights], attributes);
