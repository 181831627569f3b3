import {
  averagePool2d,
  averagePool3d,
  batchNormalisation,
  bidirectionalGru,
  type GruWeights,
  globalAveragePool,
  gru,
  localResponseNormalisation,
  maxPool2d,
  maxPool3d,
  resize,
  type Shape,
  trainBatchNormalisation,
  type Value,
} from '../../src/graph/index.ts';
import { type GradientCases, of, positive } from './gradient-case.ts';

const gruWeights = ([input, recurrent, inputBias, recurrentBias]: Value[]): GruWeights =>
  ({ input, recurrent, inputBias, recurrentBias }) as GruWeights;
const GRU_SHAPES: readonly Shape[] = [[6, 3], [6, 2], [6], [6]];
/** Pooling, normalisation, recurrence, resampling. */
export const LAYER_CASES: GradientCases = {
  maxPool: [
    of('2 x 2', [['slices', 2, 4, 4]], (x) => maxPool2d(x, { kernel: 2 })),
    of('3 x 3 windows that overlap', [['slices', 2, 5, 5]], (x) =>
      maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }),
    ),
    of('3-D', [[2, 2, 2, 4, 4]], (x) => maxPool3d(x, { kernel: 2 })),
    of('3-D, uneven kernel, named slices', [['slices', 1, 3, 4, 4]], (x) =>
      maxPool3d(x, { kernel: [3, 2, 2], stride: [1, 2, 2], padding: [1, 0, 0] }),
    ),
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
    of('five neighbours, 3-D', [[1, 6, 2, 2, 2]], (x) =>
      localResponseNormalisation(x, { size: 5, alpha: 0.2, beta: 0.5, bias: 2 }),
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
  ],
  trainBatchNormalisation: [
    of(
      'images',
      [['slices', 2, 2, 2], [2], [2]],
      (x, scale, shift) =>
        trainBatchNormalisation(x as Value, { scale: scale as Value, shift: shift as Value }).output,
    ),
  ],
  gru: [
    of('forward', [['slices', 2, 3], ...GRU_SHAPES], (x, ...w) => gru(x as Value, gruWeights(w), 'forward')),
    of('backward', [['slices', 2, 3], ...GRU_SHAPES], (x, ...w) =>
      gru(x as Value, gruWeights(w), 'backward'),
    ),
    of('one sequence', [['slices', 1, 3], ...GRU_SHAPES], (x, ...w) => gru(x as Value, gruWeights(w))),
    ...[1, 2, 7].map((steps) =>
      of(`both ways, ${steps} steps`, [[steps, 1, 3], ...GRU_SHAPES, ...GRU_SHAPES], (x, ...w) =>
        bidirectionalGru(x as Value, gruWeights(w.slice(0, 4)), gruWeights(w.slice(4))),
      ),
    ),
    of('two layers', [[4, 1, 2], [6, 2], ...GRU_SHAPES.slice(1), [6, 2], ...GRU_SHAPES.slice(1)], (x, ...w) =>
      gru(gru(x as Value, gruWeights(w.slice(0, 4))), gruWeights(w.slice(4)), 'backward'),
    ),
  ],
  resize: [
    of('grown', [['slices', 1, 3, 4]], (x) => resize(x, 5, 8)),
    of('shrunk', [['slices', 2, 6, 6]], (x) => resize(x, 4, 3)),
  ],
};
