/**
 * Graphs as plain data, differentiated and written as ONNX.
 *
 *     const x = input('x', ['slices', 3, 256, 256]);
 *     const weights = parameter('weights', [64, 3, 3, 3]);
 *     const features = relu(conv2d(x, weights, undefined, { padding: 1 }));
 *     const loss = reduceMean(features);
 *     const [dWeights] = gradients(loss, [weights]);
 *     const bytes = toOnnx(createGraph('example', { outputs: { loss, dWeights } }));
 */

// Values: inputs, parameters, constants, and their shapes

export type { Dimension, Shape } from './dimension.ts';
export { addDimensions, fixedSizes, multiplyDimensions, resolveShape } from './dimension.ts';
export type {
  ConstantValue,
  InputValue,
  ParameterValue,
  ResultValue,
  Value,
  ValueType,
} from './value.ts';
export { constant, floats, input, integers, parameter } from './value.ts';

// Operators on elements

export type { Operand } from './forms/elementwise.ts';
export {
  absolute,
  add,
  and,
  cast,
  clip,
  divide,
  equal,
  exponential,
  greater,
  greaterOrEqual,
  isAbove,
  isBelow,
  isPositive,
  logarithm,
  maximum,
  minimum,
  multiply,
  negate,
  not,
  or,
  power,
  relu,
  relu6,
  sigmoid,
  sign,
  softplus,
  squareRoot,
  subtract,
  tanh,
  where,
} from './forms/elementwise.ts';

// Where elements lie

export { indexAlong, stepsAlong } from './forms/index-along.ts';
export type { SliceRange } from './forms/layout.ts';
export {
  concat,
  expandLike,
  flip,
  gather,
  pad,
  reshape,
  scatterAdd,
  sizeOf,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './forms/layout.ts';

// Reductions

export { logSoftmax, reduceMax, reduceMean, reduceSum, softmax } from './forms/reduction.ts';

// Layers

export type { ConvolutionOptions } from './forms/convolution.ts';
export { conv2d, conv3d } from './forms/convolution.ts';
export { dense, matMul } from './forms/linear.ts';
export type {
  BatchNormalisationWeights,
  LocalResponseAttributes,
  RunningStatistics,
} from './forms/normalisation.ts';
export {
  batchNormalisation,
  foldBatchNormalisation,
  localResponseNormalisation,
  trainBatchNormalisation,
} from './forms/normalisation.ts';
export type { PoolingOptions } from './forms/pooling.ts';
export { averagePool2d, averagePool3d, globalAveragePool, maxPool2d, maxPool3d } from './forms/pooling.ts';
export { rectifiedLayers } from './rectified-layers.ts';

// Recurrence

export { matrixRecurrence } from './forms/matrix-recurrence.ts';
export type { Direction, GruWeights } from './forms/recurrence.ts';
export { bidirectionalGru, gru } from './forms/recurrence.ts';
export type { GruCotangents, GruLinearisation } from './gru-gradient.ts';
export { gruLinearisation } from './gru-gradient.ts';

// Resampling and augmentation

export { affineGrid, gridSample, resize } from './forms/sampling.ts';

// Losses

export { binaryCrossEntropyWithLogits } from './losses.ts';

// Differentiation

export type { Seed } from './gradients.ts';
export { gradients } from './gradients.ts';
export type { Operator } from './operators.ts';
export { OPERATORS } from './operators.ts';

// Training

export type { AdamBuffers, AdamNumbers } from './adam-in-place.ts';
export { stepAdamInPlace } from './adam-in-place.ts';
export type { AdamSettings, AdamState } from './training-parts.ts';
export { adamStep, dropout } from './training-parts.ts';

// Graphs and files

export { extractSubgraph } from './extract-subgraph.ts';
export { fingerprintOf } from './fingerprint.ts';
export type { Graph, GraphParts } from './graph.ts';
export { createGraph } from './graph.ts';
export type { OnnxFile } from './read-onnx.ts';
export { readOnnx, withMetadata } from './read-onnx.ts';
export type { OnnxOptions } from './to-onnx.ts';
export { toOnnx } from './to-onnx.ts';

// Faster and smaller convolutions

export type { ActivationRange } from './quantisation/activation-ranges.ts';
export { activationNames, rangeOutputs, rangeProbe } from './quantisation/activation-ranges.ts';
export { quantiseConvolutions } from './quantisation/quantise-convolutions.ts';
export { winogradConvolutions } from './winograd.ts';
