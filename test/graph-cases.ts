import {
  absolute,
  add,
  averagePool2d,
  averagePool3d,
  batchNormalisation,
  bidirectionalGru,
  binaryCrossEntropyWithLogits,
  type ConvolutionOptions,
  cast,
  clip,
  concat,
  conv2d,
  conv3d,
  dense,
  divide,
  dropout,
  expandLike,
  exponential,
  flip,
  floats,
  type GruWeights,
  gather,
  globalAveragePool,
  gradients,
  greater,
  gru,
  input,
  integers,
  localResponseNormalisation,
  logarithm,
  logSoftmax,
  matMul,
  maximum,
  maxPool2d,
  maxPool3d,
  minimum,
  multiply,
  negate,
  pad,
  power,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  relu6,
  reshape,
  resize,
  type Shape,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  softplus,
  split,
  squareRoot,
  squeeze,
  subtract,
  tanh,
  trainBatchNormalisation,
  transpose,
  unsqueeze,
  type Value,
  where,
} from '../src/graph/index.ts';

/** One use of an operator: what is differentiated by each of its inputs, filled with distinct numbers. */
export interface GradientCase {
  readonly name: string;
  /** `slices` stands for 3. */
  readonly shapes: readonly Shape[];
  readonly build: (...inputs: Value[]) => Value;
  /** Numbers above zero only, for logarithms and roots. */
  readonly positive?: boolean;
}

type Build = (...inputs: Value[]) => Value;
const of = (name: string, shapes: readonly Shape[], build: Build): GradientCase => ({ name, shapes, build });
const positive = (name: string, shapes: readonly Shape[], build: Build): GradientCase => ({
  ...of(name, shapes, build),
  positive: true,
});

const PLANE: Shape = ['slices', 4];
const gruWeights = ([input, recurrent, inputBias, recurrentBias]: Value[]): GruWeights =>
  ({ input, recurrent, inputBias, recurrentBias }) as GruWeights;
const GRU_SHAPES: readonly Shape[] = [[6, 3], [6, 2], [6], [6]];

/** d / d x of a convolution of an x of the given shape, as a function of the cotangent and the weights. */
function backThrough(dy: Value, weights: Value, shape: Shape, options: ConvolutionOptions): Value {
  const x = input('x', shape);
  return gradients([{ value: conv2d(x, weights, undefined, options), cotangent: dy }], [x])[0] as Value;
}

/** Cases by the operator of the table that they are there for. */
export const GRADIENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  negate: [of('plain', [PLANE], negate)],
  absolute: [of('plain', [PLANE], absolute)],
  exponential: [of('plain', [PLANE], exponential)],
  logarithm: [positive('plain', [PLANE], logarithm)],
  squareRoot: [positive('plain', [PLANE], squareRoot)],
  relu: [of('plain', [PLANE], relu)],
  sigmoid: [of('plain', [PLANE], sigmoid)],
  tanh: [of('plain', [PLANE], tanh)],
  softplus: [
    of('plain', [PLANE], softplus),
    of('binary cross-entropy', [PLANE, PLANE], (x, y) => binaryCrossEntropyWithLogits(x, y)),
  ],
  clip: [
    of('both bounds', [PLANE], (x) => clip(x, -0.21, 0.28)),
    of('relu6', [PLANE], (x) => relu6(multiply(x, 12))),
  ],
  add: [
    of('plain', [PLANE, PLANE], add),
    of('broadcast', [PLANE, [4]], add),
    of('twice', [PLANE], (x) => add(x, x)),
  ],
  subtract: [of('broadcast', [[4], PLANE], subtract)],
  multiply: [
    of('broadcast', [PLANE, ['slices', 1]], multiply),
    of('square', [PLANE], (x) => multiply(x, x)),
    of('scalar', [PLANE, []], multiply),
    of('dropout', [PLANE], (x) => dropout(x, floats([1, 0, 1, 1], [1, 4]), 0.25)),
  ],
  divide: [positive('broadcast', [PLANE, [4]], divide), positive('by a plane', [[1], PLANE], divide)],
  minimum: [of('broadcast', [PLANE, [1, 4]], minimum)],
  maximum: [of('broadcast', [PLANE, [1, 4]], maximum)],
  power: [positive('cube root', [PLANE], (x) => power(x, 1 / 3)), of('square', [PLANE], (x) => power(x, 2))],
  cast: [of('to itself', [PLANE], (x) => cast(x, 'float32'))],
  where: [of('broadcast', [PLANE, [4], PLANE], (c, a, b) => where(greater(c, 0), a, b))],
  reduceSum: [
    of('one axis', [PLANE], (x) => reduceSum(x, { axes: [0] })),
    of('kept', [PLANE], (x) => reduceSum(x, { axes: [-1], keep: true })),
  ],
  reduceMean: [
    of('all', [PLANE], (x) => reduceMean(x)),
    of('named axis', [PLANE], (x) => reduceMean(x, { axes: [0] })),
  ],
  reduceMax: [
    of('one axis', [PLANE], (x) => reduceMax(x, { axes: [1] })),
    of('all', [PLANE], (x) => reduceMax(x)),
  ],
  softmax: [of('last axis', [PLANE], (x) => softmax(x)), of('first axis', [PLANE], (x) => softmax(x, 0))],
  logSoftmax: [of('last axis', [PLANE], (x) => logSoftmax(x))],
  reshape: [
    of('flattened', [['slices', 2, 2]], (x) => reshape(x, ['slices', 4])),
    of('folded into the slices', [['slices', 2, 2]], (x) => reshape(x, ['2*slices', 2])),
    of('unsqueezed and squeezed', [PLANE], (x) => squeeze(unsqueeze(x, 1), 1)),
  ],
  transpose: [of('three axes', [['slices', 2, 3]], (x) => transpose(x, [1, 2, 0]))],
  slice: [
    of('the middle', [PLANE], (x) => slice(x, { axis: 1, start: 1, end: 3 })),
    of('named axis', [PLANE], (x) => slice(x, { axis: 0, start: 1 })),
    of('all but the last', [PLANE], (x) => slice(x, { axis: 0, start: 0, end: -1 })),
    of('every second', [[3, 5]], (x) => slice(x, { axis: 1, start: 1, step: 2 })),
    of('split', [PLANE], (x) => multiply(...(split(x, 1, [2, 2]) as [Value, Value]))),
  ],
  flip: [of('two axes', [['slices', 2, 3]], (x) => flip(x, [0, 2]))],
  concat: [
    of('last axis', [PLANE, ['slices', 2]], (a, b) => concat([a, b], -1)),
    of('named', [PLANE, [2, 4]], (a, b) => concat([a, b], 0)),
  ],
  pad: [of('grown and cut', [PLANE], (x) => pad(x, [1, -1], [0, 2]))],
  gather: [of('rows, one twice', [PLANE], (x) => gather(x, integers([2, 0, 2]), 0))],
  scatterAdd: [
    of('columns', [PLANE, ['slices', 6]], (x, like) => scatterAdd(x, integers([5, 0, 5, 1]), like, 1)),
  ],
  expandLike: [
    of(
      'two axes',
      [
        ['slices', 1],
        ['slices', 4],
      ],
      (x, like) => expandLike(x, like),
    ),
  ],
  matMul: [
    of('plain', [PLANE, [4, 2]], (a, b) => matMul(a, b)),
    of(
      'both turned',
      [
        [4, 'slices'],
        [2, 4],
      ],
      (a, b) => matMul(a, b, { transposeA: true, transposeB: true }),
    ),
    of(
      'first turned',
      [
        [4, 3],
        [4, 2],
      ],
      (a, b) => matMul(a, b, { transposeA: true }),
    ),
    of(
      'stack times matrix',
      [
        ['slices', 2, 4],
        [4, 2],
      ],
      (a, b) => matMul(a, b),
    ),
    of('dense', [PLANE, [2, 4], [2]], dense),
  ],
  convolution: [
    of('same size', [['slices', 2, 4, 5], [3, 2, 3, 3], [3]], (x, w, b) => conv2d(x, w, b, { padding: 1 })),
    of(
      'stride 2, even size',
      [
        ['slices', 2, 6, 6],
        [2, 2, 3, 3],
      ],
      (x, w) => conv2d(x, w, undefined, { stride: 2, padding: 1 }),
    ),
    of(
      'uneven margins, as Keras pads',
      [
        [2, 2, 4, 4],
        [2, 2, 3, 3],
      ],
      (x, w) => conv2d(x, w, undefined, { stride: 2, padding: { before: [0, 0], after: [1, 1] } }),
    ),
    of('groups', [[2, 4, 3, 3], [6, 2, 2, 2], [6]], (x, w, b) => conv2d(x, w, b, { groups: 2 })),
    of(
      'depthwise',
      [
        ['slices', 3, 4, 4],
        [3, 1, 3, 3],
      ],
      (x, w) => conv2d(x, w, undefined, { groups: 3, padding: 1 }),
    ),
    of(
      'depthwise, stride 2',
      [
        ['slices', 3, 5, 5],
        [3, 1, 3, 3],
      ],
      (x, w) => conv2d(x, w, undefined, { groups: 3, padding: 1, stride: 2 }),
    ),
    of(
      'pointwise',
      [
        ['slices', 3, 2, 2],
        [2, 3, 1, 1],
      ],
      (x, w) => conv2d(x, w, undefined),
    ),
    of(
      '7 x 7 with margin 3',
      [
        [1, 1, 8, 8],
        [1, 1, 7, 7],
      ],
      (x, w) => conv2d(x, w, undefined, { stride: 2, padding: 3 }),
    ),
    of('3-D', [[2, 2, 3, 4, 3], [2, 2, 3, 3, 3], [2]], (x, w, b) => conv3d(x, w, b, { padding: 1 })),
    of(
      '3-D, stride 2',
      [
        [1, 2, 4, 4, 4],
        [1, 2, 2, 2, 2],
      ],
      (x, w) => conv3d(x, w, undefined, { stride: 2 }),
    ),
  ],
  // Reached as the input gradient of a convolution with a stride, which is differentiated once more
  transposedConvolution: [
    of(
      'stride 2',
      [
        [2, 3, 3, 3],
        [3, 2, 3, 3],
      ],
      (dy, w) => backThrough(dy, w, [2, 2, 6, 6], { stride: 2, padding: 1 }),
    ),
    of(
      'groups',
      [
        ['slices', 4, 2, 2],
        [4, 1, 2, 2],
      ],
      (dy, w) => backThrough(dy, w, ['slices', 4, 4, 4], { stride: 2, groups: 4 }),
    ),
  ],
  maxPool: [
    of('2 x 2', [['slices', 2, 4, 4]], (x) => maxPool2d(x, { kernel: 2 })),
    of('3 x 3 windows that overlap', [['slices', 2, 5, 5]], (x) =>
      maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }),
    ),
    of('3-D', [[2, 2, 2, 4, 4]], (x) => maxPool3d(x, { kernel: 2 })),
    of('rest left out', [[1, 2, 5, 5]], (x) => maxPool2d(x, { kernel: 2 })),
  ],
  averagePool: [
    of('2 x 2', [['slices', 2, 4, 4]], (x) => averagePool2d(x, { kernel: 2 })),
    of('margins not counted', [['slices', 2, 4, 4]], (x) =>
      averagePool2d(x, { kernel: 3, stride: 2, padding: 1 }),
    ),
    of('margins counted', [[1, 2, 5, 5]], (x) =>
      averagePool2d(x, { kernel: 3, stride: 1, padding: 1, countPadding: true }),
    ),
    of('3-D', [[1, 2, 2, 4, 4]], (x) => averagePool3d(x, { kernel: 2 })),
    of('global', [['slices', 2, 3, 3]], globalAveragePool),
  ],
  localResponseNormalisation: [
    of('three neighbours of five', [['slices', 5, 2, 2]], (x) =>
      localResponseNormalisation(x, { size: 3, alpha: 0.5, beta: 0.75, bias: 1 }),
    ),
  ],
  batchNormalisation: [
    positive('inference', [['slices', 2, 2, 2], [2], [2], [2], [2]], (x, scale, shift, mean, variance) =>
      batchNormalisation(
        x as Value,
        { scale: scale as Value, shift: shift as Value },
        { mean: mean as Value, variance: variance as Value },
      ),
    ),
    of(
      'training',
      [['slices', 2, 2, 2], [2], [2]],
      (x, scale, shift) =>
        trainBatchNormalisation(x as Value, { scale: scale as Value, shift: shift as Value }).output,
    ),
  ],
  gru: [
    of('forward', [['slices', 2, 3], ...GRU_SHAPES], (x, ...w) => gru(x as Value, gruWeights(w), 'forward')),
    of('reverse', [['slices', 2, 3], ...GRU_SHAPES], (x, ...w) => gru(x as Value, gruWeights(w), 'reverse')),
    of('one sequence', [['slices', 1, 3], ...GRU_SHAPES], (x, ...w) => gru(x as Value, gruWeights(w))),
    of('both ways', [[5, 1, 3], ...GRU_SHAPES, ...GRU_SHAPES], (x, ...w) =>
      bidirectionalGru(x as Value, gruWeights(w.slice(0, 4)), gruWeights(w.slice(4))),
    ),
  ],
  resize: [
    of('grown', [['slices', 1, 3, 4]], (x) => resize(x, 5, 8)),
    of('shrunk', [['slices', 2, 6, 6]], (x) => resize(x, 4, 3)),
  ],
};
