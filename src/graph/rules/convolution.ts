import type { Dimension } from '../dimension.ts';
import {
  type ConvolutionAttributes,
  convolution,
  type TransposedConvolutionAttributes,
  transposedConvolution,
} from '../forms/convolution.ts';
import { multiply } from '../forms/elementwise.ts';
import { concat, flip, pad, reshape, slice, transpose } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import { reduceSum } from '../forms/reduction.ts';
import type { Value } from '../value.ts';
import { type Gradient, ruleOfOne } from './rule.ts';

const spaceOf = (value: Value): number[] => value.shape.slice(2) as number[];
const channelsOf = (value: Value): number => value.shape[1] as number;

/** All places of a kernel, in row-major order. */
function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

/**
 * d loss / d x. At stride 1 it is itself a convolution of the cotangent with the kernel turned by 180 degrees and its
 * channels swapped, which the machine does twice as fast as a transposed convolution.
 */
function inputGradient(dy: Value, x: Value, weights: Value, attributes: ConvolutionAttributes): Value {
  const kernel = spaceOf(weights);
  const { strides, before, after, groups } = attributes;
  const turns =
    strides.every((s) => s === 1) &&
    [...before, ...after].every((p, i) => p < (kernel[i % kernel.length] as number));
  if (turns) {
    const margin = (pads: readonly number[]) => pads.map((p, axis) => (kernel[axis] as number) - 1 - p);
    const turned = swapChannels(
      flip(
        weights,
        kernel.map((_, axis) => axis + 2),
      ),
      groups,
    );
    return convolution(dy, turned, { strides, before: margin(before), after: margin(after), groups });
  }
  const reached = spaceOf(dy).map((size, axis) => {
    const margin = (before[axis] as number) + (after[axis] as number);
    return (size - 1) * (strides[axis] as number) + (kernel[axis] as number) - margin;
  });
  const outputPadding = spaceOf(x).map((size, axis) => size - (reached[axis] as number));
  return transposedConvolution(dy, weights, { ...attributes, outputPadding });
}

/** [out, in / groups, ...] -> [in, out / groups, ...]. */
function swapChannels(weights: Value, groups: number): Value {
  const [out, perGroup] = weights.shape as readonly number[] as [number, number];
  const kernel = spaceOf(weights);
  const rest = kernel.map((_, axis) => axis);
  if (groups === 1) return transpose(weights, [1, 0, ...rest.map((axis) => axis + 2)]);
  const grouped = reshape(weights, [groups, out / groups, perGroup, ...kernel]);
  const swapped = transpose(grouped, [0, 2, 1, ...rest.map((axis) => axis + 3)]);
  return reshape(swapped, [groups * perGroup, out / groups, ...kernel]);
}

/** Every `stride`th place from `offset` on, `sizes` of them, on each spatial axis. */
function window(
  padded: Value,
  offset: readonly number[],
  strides: readonly number[],
  sizes: readonly number[],
): Value {
  return sizes.reduce<Value>((cut, size, i) => {
    const start = offset[i] as number;
    const step = strides[i] as number;
    const end = start + (size - 1) * step + 1;
    const whole = start === 0 && step === 1 && cut.shape[i + 2] === end;
    return whole ? cut : slice(cut, { axis: i + 2, start, end, step });
  }, padded);
}

/** d loss / d weights: for each place of the kernel, the product of the cotangent with the input shifted by it. */
function filterGradient(dy: Value, x: Value, weights: Value, attributes: ConvolutionAttributes): Value {
  const { strides, before, after, groups } = attributes;
  const none = [...before, ...after].every((p) => p === 0);
  const padded = none ? x : pad(x, [0, 0, ...before], [0, 0, ...after]);
  const perGroup = channelsOf(weights);
  const places = offsetsOf(spaceOf(weights)).map((offset) => {
    const shifted = window(padded, offset, strides, spaceOf(dy));
    return perGroup === 1 && groups === channelsOf(dy)
      ? depthwiseProduct(dy, shifted)
      : channelProduct(dy, shifted, groups);
  });
  return reshape(places.length === 1 ? (places[0] as Value) : concat(places, 2), weights.shape);
}

/** [N, out, ...], [N, in, ...] -> [out, in / groups, 1]. */
function channelProduct(dy: Value, x: Value, groups: number): Value {
  const places = spaceOf(dy).reduce((a, b) => a * b, 1);
  const grouped = (value: Value) =>
    reshape(value, [value.shape[0] as Dimension, groups, channelsOf(value) / groups, places]);
  const perSlice = matMul(grouped(dy), grouped(x), { transposeB: true });
  return reshape(reduceSum(perSlice, { axes: [0] }), [channelsOf(dy), channelsOf(x) / groups, 1]);
}

/** [N, channels, ...] twice -> [channels, 1, 1]. */
function depthwiseProduct(dy: Value, x: Value): Value {
  const axes = dy.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  return reshape(reduceSum(multiply(dy, x), { axes }), [channelsOf(dy), 1, 1]);
}

const biasGradient = (dy: Value): Value =>
  reduceSum(dy, { axes: dy.shape.map((_, axis) => axis).filter((axis) => axis !== 1) });

export const CONVOLUTION_GRADIENTS: Readonly<Record<string, Gradient>> = {
  convolution: ruleOfOne<ConvolutionAttributes>((dy, { inputs, wanted, attributes }) => {
    const [x, weights] = inputs as readonly [Value, Value];
    return [
      wanted[0] ? inputGradient(dy, x, weights, attributes) : undefined,
      wanted[1] ? filterGradient(dy, x, weights, attributes) : undefined,
      wanted[2] ? biasGradient(dy) : undefined,
    ];
  }),
  // The transpose of a transpose: the convolution itself, and its filter gradient with the two sides swapped
  transposedConvolution: ruleOfOne<TransposedConvolutionAttributes>((dy, { inputs, wanted, attributes }) => {
    const [x, weights] = inputs as readonly [Value, Value];
    return [
      wanted[0] ? convolution(dy, weights, attributes) : undefined,
      wanted[1] ? filterGradient(x, dy, weights, attributes) : undefined,
    ];
  }),
};
