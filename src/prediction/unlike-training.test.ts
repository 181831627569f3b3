import { expect, test } from 'vitest';
import type { TrainingReference } from '../network/index.ts';
import { meansOfMaps, meansOfParts, unlikeness } from './unlike-training.ts';

test('each map of each slice is its mean', () => {
  const data = Float32Array.from([1, 3, 5, 7, 2, 2, 0, 4]);
  expect([...meansOfMaps({ element: 'float32', shape: [2, 2, 1, 2], data })]).toEqual([2, 6, 2, 2]);
});

test.each([
  ['six slices, two in each third', [1, 3, 10, 20, 100, 200], [2, 15, 150]],
  ['four slices', [1, 3, 10, 20], [1, 3, 15]],
  ['two slices: none is left out, one counts twice', [4, 8], [4, 4, 8]],
  ['one slice', [5], [5, 5, 5]],
])('%s', (_, means, expected) => {
  expect([...meansOfParts(Float32Array.from(means), means.length)]).toEqual(expected);
});

/** Two values: one direction along the first, whose variance is 4; the other's is 0.25. Scales 2 and 1. */
const reference: TrainingReference = {
  about: 'a test',
  mean: Float32Array.from([10, 1]),
  scale: Float32Array.from([2, 1]),
  directions: Float32Array.from([1, 0]),
  variances: [4],
  otherVariance: 0.25,
  limit: 1.5,
};

test.each([
  ['the mean itself', [10, 1], 0],
  // (16 - 10) / 2 = 3, squared over 4, over two values
  ['along the direction', [16, 1], 9 / 4 / 2],
  ['across it', [10, 2], 1 / 0.25 / 2],
  ['both', [16, 2], (9 / 4 + 4) / 2],
])("Mahalanobis' distance: %s", (_, values, distance) => {
  const found = unlikeness(reference, Float32Array.from(values));
  expect(found.distance).toBeCloseTo(distance, 6);
  expect(found.limit).toBe(1.5);
});
