import { at, firstOf } from '../../base/index.ts';
import {
  apply,
  applyAll,
  fixedDimension,
  float,
  type OnnxAttributes,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
  type ValueType,
} from '../value.ts';
import { type ConvolutionOptions, margins, perAxis } from './convolution.ts';
import { reduceMean } from './reduction.ts';

export interface PoolingAttributes {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const onnxAttributes = ({ kernel, strides, before, after }: PoolingAttributes): OnnxAttributes => ({
  kernel_shape: { ints: kernel },
  strides: { ints: strides },
  pads: { ints: [...before, ...after] },
});

function pooledType(name: string, inputs: readonly ValueType[], attributes: PoolingAttributes): ValueType {
  const x = at(inputs, 0);
  const { kernel, strides, before, after } = attributes;
  if (x.shape.length !== kernel.length + 2)
    throw shapeFault(name, inputs, `[N, channels, ${kernel.length} sizes]`);
  const space = kernel.map((length, axis) => {
    const size = fixedDimension(name, x, axis + 2) + at(before, axis) + at(after, axis);
    return Math.floor((size - length) / at(strides, axis)) + 1;
  });
  if (space.some((size) => size < 1))
    throw shapeFault(name, inputs, 'a window no larger than the padded input');
  return float([at(x.shape, 0), at(x.shape, 1), ...space]);
}

/** Second output: where in the whole flattened input each maximum stood (the first of equals). */
export const MAX_POOL: OperatorForm<PoolingAttributes> = {
  name: 'maxPool',
  outputs: (inputs, attributes) => {
    const type = pooledType('maxPool', inputs, attributes);
    return [type, { element: 'int64', shape: type.shape }];
  },
  onnx: (writer, { inputs, outputs, used }, attributes) => {
    const wanted = used[1] ? outputs : outputs.slice(0, 1);
    writer.node('MaxPool', inputs, onnxAttributes(attributes), wanted);
  },
};

interface TransposeAttributes {
  readonly kernel: readonly number[];
  /** Whether windows share places: only then must what falls on one place be added up. */
  readonly overlapping: boolean;
}

/** Adds dy [N, channels, ...] at `indices` into zeros of the shape of `like`: the transpose of maxPool. */
export const MAX_POOL_TRANSPOSE: OperatorForm<TransposeAttributes> = {
  name: 'maxPoolTranspose',
  outputs: (inputs) => [float(at(inputs, 2).shape)],
  onnx: (writer, { inputs, outputs }, { kernel, overlapping }) => {
    const [dy, indices, like] = firstOf(inputs, 3);
    const shape = writer.node('Shape', [like]);
    if (!overlapping) {
      writer.node('MaxUnpool', [dy, indices, shape], { kernel_shape: { ints: kernel } }, outputs);
      return;
    }
    const flat = writer.integers([-1]);
    const count = writer.node('ReduceProd', [shape], { keepdims: { int: 1 } });
    const zeros = writer.node('Expand', [writer.floats([0]), count]);
    const [values, places] = firstOf(
      [dy, indices].map((name) => writer.node('Reshape', [name, flat])),
      2,
    );
    const added = writer.node('ScatterElements', [zeros, places, values], { reduction: { text: 'add' } });
    writer.node('Reshape', [added, shape], {}, outputs);
  },
};

/** Averages over the window; padded zeros count only if `countPadding`. */
export const AVERAGE_POOL: OperatorForm<PoolingAttributes & { readonly countPadding: boolean }> = {
  name: 'averagePool',
  outputs: (inputs, attributes) => [pooledType('averagePool', inputs, attributes)],
  onnx: (writer, { inputs, outputs }, attributes) => {
    const count = { count_include_pad: { int: attributes.countPadding ? 1 : 0 } };
    writer.node('AveragePool', inputs, { ...onnxAttributes(attributes), ...count }, outputs);
  },
};

export interface PoolingOptions extends Pick<ConvolutionOptions, 'padding' | 'stride'> {
  readonly kernel: number | readonly number[];
}

function attributesOf({ kernel, stride, padding }: PoolingOptions, rank: number): PoolingAttributes {
  const size = perAxis(kernel, rank);
  return { kernel: size, strides: perAxis(stride ?? size, rank), ...margins(padding, rank) };
}

const maxPool =
  (rank: number) =>
  (x: Value, options: PoolingOptions): ResultValue =>
    at(applyAll(MAX_POOL, [x], attributesOf(options, rank)), 0);
const averagePool =
  (rank: number) =>
  (x: Value, options: PoolingOptions & { readonly countPadding?: boolean }): ResultValue =>
    apply(AVERAGE_POOL, [x], { ...attributesOf(options, rank), countPadding: options.countPadding ?? false });

/** x [N, channels, rows, columns]; the stride is the kernel's size unless given. */
export const maxPool2d = maxPool(2);
export const maxPool3d = maxPool(3);
export const averagePool2d = averagePool(2);
export const averagePool3d = averagePool(3);

/** [N, channels, ...space] -> [N, channels]. */
export const globalAveragePool = (x: Value): ResultValue =>
  reduceMean(x, { axes: x.shape.slice(2).map((_, axis) => axis + 2) });

export const maxPoolTranspose = (
  dy: Value,
  indices: Value,
  like: Value,
  { kernel, strides }: PoolingAttributes,
): ResultValue => {
  const overlapping = kernel.some((length, axis) => length > at(strides, axis));
  return apply(MAX_POOL_TRANSPOSE, [dy, indices, like], { kernel, overlapping });
};
