import { IchorError, type Tensor } from '../base/index.ts';
import { foldBatchNormalisation } from '../graph/index.ts';
import { CNN_PLANS, type ConvolutionRow, convolutionsOf } from './cnn-plans.ts';
import { NORMALISATION_EPSILON, NORMALISATION_PARTS } from './normalised-trunk.ts';
import type { Weights } from './parameters.ts';
import type { CnnName } from './settings.ts';

/**
 * Convolutions with batch normalisation (`conv1/weights`, `/scale`, `/shift`, `/mean`, `/variance`) as convolutions
 * with a bias (`conv1/weights`, `conv1/bias`): the form that networks run and that model files hold.
 */
export function foldNormalisation(cnn: CnnName, normalised: Weights): Weights {
  const folded = convolutionsOf(CNN_PLANS[cnn]).flatMap((row) => foldRow(row, normalised));
  return Object.freeze(Object.fromEntries(folded));
}

function foldRow(row: ConvolutionRow, normalised: Weights): [string, Tensor][] {
  const [weights, ...parts] = ['weights', ...NORMALISATION_PARTS].map((part) =>
    floatsOf(normalised, `${row.name}/${part}`),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const [scale, shift, mean, variance] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
  const folded = foldBatchNormalisation({ weights }, { scale, shift, mean, variance }, NORMALISATION_EPSILON);
  const shape = (normalised[`${row.name}/weights`] as Tensor).shape;
  return [
    [`${row.name}/weights`, { element: 'float32', shape, data: folded.weights }],
    [`${row.name}/bias`, { element: 'float32', shape: [row.outChannels], data: folded.bias }],
  ];
}

function floatsOf(weights: Weights, name: string): Float32Array {
  const found = weights[name];
  if (found?.element === 'float32') return found.data;
  throw new IchorError('weights-mismatch', `weights ${name}: got nothing, expected float32`);
}
