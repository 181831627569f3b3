import { at, firstOf, IchorError } from '../../base/index.ts';
import { add, divide, multiply, negate, power, squareRoot, subtract } from '../forms/elementwise.ts';
import { reshape, sizeOf } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import {
  batchNormalisation,
  besideChannels,
  type LocalResponseAttributes,
  overChannels,
} from '../forms/normalisation.ts';
import { reduceSum } from '../forms/reduction.ts';
import { floats, type Value } from '../value.ts';
import { channelsOf, spaceOf } from './planes.ts';
import { rule, ruleOfOne } from './rule.ts';

/** Sums x [N, channels, ...] over windows of neighbouring channels: a product with a band of ones. */
function sumOverNeighbours(x: Value, size: number): Value {
  const channels = channelsOf(x);
  const reach = (size - 1) / 2;
  const isNear = (i: number) => Math.abs((i % channels) - Math.floor(i / channels)) <= reach;
  const band = Float32Array.from({ length: channels * channels }, (_, i) => (isNear(i) ? 1 : 0));
  const space = spaceOf(x).reduce((a, b) => a * b, 1);
  const flat = reshape(x, [at(x.shape, 0), channels, space]);
  return reshape(matMul(floats(band, [channels, channels]), flat), x.shape);
}

export const NORMALISATION_GRADIENTS = {
  // With D = bias + alpha / size * S: dx = dy D^-beta - 2 beta alpha / size * x * S(dy y / D)
  localResponseNormalisation: ruleOfOne<LocalResponseAttributes>((dy, { inputs, outputs, attributes }) => {
    const [[x], [y]] = [inputs, outputs];
    const { size, alpha, beta, bias } = attributes;
    const divisor = add(multiply(sumOverNeighbours(multiply(x, x), size), alpha / size), bias);
    const neighbours = sumOverNeighbours(divide(multiply(dy, y), divisor), size);
    const through = multiply(multiply(x, neighbours), (2 * beta * alpha) / size);
    return [subtract(multiply(dy, power(divisor, -beta)), through)];
  }),
  batchNormalisation: ruleOfOne<{ epsilon: number }>((dy, { inputs, wanted, attributes: { epsilon } }) => {
    const [x, scale, , mean, variance] = firstOf(inputs, 5);
    const axes = besideChannels(x);
    const deviation = squareRoot(add(variance, epsilon));
    const factor = divide(scale, deviation);
    const perChannel = reduceSum(dy, { axes });
    const onNormalised = () =>
      divide(reduceSum(multiply(dy, subtract(x, overChannels(mean, x))), { axes }), deviation);
    const onVariance = () => divide(multiply(multiply(onNormalised(), scale), -0.5), add(variance, epsilon));
    const rules = [
      () => multiply(dy, overChannels(factor, x)),
      onNormalised,
      () => perChannel,
      () => negate(multiply(perChannel, factor)),
      onVariance,
    ];
    return rules.map((build, i) => (wanted[i] ? build() : undefined));
  }),
  // With z the normalised x: dx = scale / deviation * (dy - mean(dy) - z mean(dy z)), as one line in x a channel
  trainBatchNormalisation: rule<{ epsilon: number }>(({ inputs, outputs, cotangents, attributes }) => {
    const [x, scale] = firstOf(inputs, 2);
    const [, mean, variance] = firstOf(outputs, 3);
    const [dy, ...ofStatistics] = cotangents;
    if (dy === undefined || ofStatistics.some((cotangent) => cotangent !== undefined))
      throw new IchorError('gradient-missing', 'the statistics of a batch are not differentiated');
    const axes = besideChannels(x);
    const deviation = squareRoot(add(variance, attributes.epsilon));
    const factor = divide(scale, deviation);
    const onShift = reduceSum(dy, { axes });
    const onScale = divide(
      subtract(reduceSum(multiply(dy, x), { axes }), multiply(mean, onShift)),
      deviation,
    );
    const share = divide(factor, sizeOf(x, axes));
    const slope = negate(divide(multiply(share, onScale), deviation));
    const start = negate(add(multiply(share, onShift), multiply(slope, mean)));
    return [add(multiply(dy, overChannels(factor, x)), lineOfChannels(x, slope, start)), onScale, onShift];
  }),
};

/** slope x + start, one of each a channel, in a single pass. */
function lineOfChannels(x: Value, slope: Value, start: Value): Value {
  const channels = channelsOf(x);
  const asItIs = {
    mean: floats(new Float32Array(channels)),
    variance: floats(new Float32Array(channels).fill(1)),
  };
  return batchNormalisation(x, { scale: slope, shift: start }, asItIs, 0);
}
