import {
  concat,
  dense,
  divide,
  expandLike,
  flip,
  gather,
  indexAlong,
  integers,
  matMul,
  multiply,
  pad,
  reduceSum,
  reshape,
  scatterAdd,
  sizeOf,
  slice,
  split,
  squeeze,
  stepsAlong,
  transpose,
  unsqueeze,
  type Value,
} from '../../src/graph/index.ts';
import { type GradientCases, of, PLANE } from './gradient-case.ts';

/** Operators that move elements, and products. */
export const LAYOUT_CASES: GradientCases = {
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
    of('a named part first', [PLANE, [2, 4], [1, 4]], (a, b, c) => concat([a, b, c], 0)),
    of('a named part between', [[1, 4], PLANE, [2, 4]], (a, b, c) => concat([a, b, c], 0)),
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
  sizeOf: [of('a mean by hand', [PLANE], (x) => divide(reduceSum(x), sizeOf(x, [0, 1])))],
  stepsAlong: [
    of('scaled by the sum of the steps', [PLANE], (x) =>
      multiply(x, reduceSum(stepsAlong(x, 0, integers([2], []), 'steps'))),
    ),
  ],
  indexAlong: [of('weights by place', [PLANE], (x) => multiply(x, reshape(indexAlong(x, 0), ['slices', 1])))],
};
