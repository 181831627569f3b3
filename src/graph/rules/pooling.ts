import { at } from '../../base/index.ts';
import { transposedConvolution } from '../forms/convolution.ts';
import { divide, multiply } from '../forms/elementwise.ts';
import { maxPoolTranspose, type PoolingAttributes } from '../forms/pooling.ts';
import { floats, type Value } from '../value.ts';
import { channelsOf, spaceOf } from './planes.ts';
import { ruleOfOne } from './rule.ts';

/** How many of a window's places lie inside the input, for each output place of one axis. */
function insideCounts(size: number, out: number, kernel: number, stride: number, before: number): number[] {
  return Array.from({ length: out }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + kernel, size) - Math.max(start, 0);
  });
}

/** What each window's sum was divided by, in the shape [1, 1, ...space]. */
function divisors(x: Value, dy: Value, attributes: PoolingAttributes): Value {
  const perAxis = attributes.kernel.map((kernel, axis) => {
    const [size, out] = [at(spaceOf(x), axis), at(spaceOf(dy), axis)];
    return insideCounts(size, out, kernel, at(attributes.strides, axis), at(attributes.before, axis));
  });
  const counts = perAxis.reduce((all, axis) => all.flatMap((c) => axis.map((d) => c * d)), [1]);
  return floats(counts, [1, 1, ...perAxis.map((axis) => axis.length)]);
}

export const POOLING_GRADIENTS = {
  maxPool: ruleOfOne<PoolingAttributes>((dy, { inputs: [x], outputs, attributes }) => [
    maxPoolTranspose(dy, at(outputs, 1), x, attributes),
  ]),
  maxPoolTranspose: { noGradient: 'second derivatives of pooling are not needed' },
  // Each window spreads its share evenly: the transposed convolution with a kernel of ones, channel by channel
  averagePool: ruleOfOne<PoolingAttributes & { countPadding: boolean }>((dy, { inputs, attributes }) => {
    const x = at(inputs, 0);
    const { kernel, strides, before, after, countPadding } = attributes;
    const channels = channelsOf(x);
    const window = kernel.reduce((a, b) => a * b, 1);
    const shares = countPadding ? multiply(dy, 1 / window) : divide(dy, divisors(x, dy, attributes));
    const ones = floats(new Float32Array(channels * window).fill(1), [channels, 1, ...kernel]);
    const outputPadding = kernel.map((length, axis) => {
      const reached = (at(spaceOf(dy), axis) - 1) * at(strides, axis) + length;
      return at(spaceOf(x), axis) - (reached - at(before, axis) - at(after, axis));
    });
    return [transposedConvolution(shares, ones, { strides, before, after, groups: channels, outputPadding })];
  }),
};
