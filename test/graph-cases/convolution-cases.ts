import {
  type ConvolutionOptions,
  conv2d,
  conv3d,
  gradients,
  input,
  type Shape,
  type Value,
} from '../../src/graph/index.ts';
import { type GradientCases, of } from './gradient-case.ts';

/** d / d x of a convolution of an x of the given shape, as a function of the cotangent and the weights. */
function backThrough(dy: Value, weights: Value, shape: Shape, options: ConvolutionOptions): Value {
  const x = input('x', shape);
  return gradients([{ value: conv2d(x, weights, undefined, options), cotangent: dy }], [x])[0] as Value;
}

/** Convolutions and their transposes. */
export const CONVOLUTION_CASES: GradientCases = {
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
};
