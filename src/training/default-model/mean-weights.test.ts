import { expect, test } from 'vitest';
import type { Weights } from '../../network/index.ts';
import { meanWeights } from './mean-weights.ts';

const weights = (...values: number[]): Weights => ({
  'dense/weights': { element: 'float32', shape: [2, 1], data: Float32Array.from(values) },
});

test('the mean is taken number by number, and leaves what it is of', () => {
  const [one, two, three] = [weights(1, -2), weights(2, 0), weights(6, 5)];
  expect(meanWeights([one, two, three])).toEqual(weights(3, 1));
  expect(one).toEqual(weights(1, -2));
  expect(meanWeights([two])).toEqual(two);
});
