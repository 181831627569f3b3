import { expect, test } from 'vitest';
import type { TrainingReference } from '../network/index.ts';
import { isUnlike, lookOf, meansOfMaps, unlikeness } from './unlike-training.ts';

test('each map of each slice is the mean of its front half and of its back half', () => {
  const data = Float32Array.from([1, 3, 5, 7, 2, 2, 0, 4]);
  expect([...meansOfMaps({ element: 'float32', shape: [2, 1, 2, 2], data })]).toEqual([2, 6, 2, 2]);
});

test.each([
  ['six slices, two in each third', [1, 3, 10, 20, 100, 200], [2, 15, 150]],
  ['four slices', [1, 3, 10, 20], [1, 3, 15]],
  ['two slices: none is left out, one counts twice', [4, 8], [4, 4, 8]],
  ['one slice', [5], [5, 5, 5]],
])('thirds of a series: %s', (_, slices, expected) => {
  // Half of each slice lies one above its mean, half one below
  const means = Float32Array.from(slices.flatMap((mean) => [mean + 1, mean - 1]));
  const { thirds, frontLessBack } = lookOf(means, slices.length);
  expect([...thirds]).toEqual(expected);
  expect([...frontLessBack]).toEqual([2, 2, 2]);
});

test('maps are kept apart', () => {
  // Two slices, two maps: front and back of each
  const { thirds, frontLessBack } = lookOf(Float32Array.from([1, 3, 10, 20, 5, 3, 30, 20]), 2);
  expect([...thirds]).toEqual([2, 15, 2, 15, 4, 25]);
  expect([...frontLessBack]).toEqual([-2, -10, -2, -10, 2, 10]);
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
const lookFrom = (thirds: number[], frontLessBack: number[] = []) => ({
  thirds: Float32Array.from(thirds),
  frontLessBack: Float32Array.from(frontLessBack),
});

test.each([
  ['the mean itself', [10, 1], 0],
  // (16 - 10) / 2 = 3, squared over 4, over two values
  ['along the direction', [16, 1], 9 / 4 / 2],
  ['across it', [10, 2], 1 / 0.25 / 2],
  ['both', [16, 2], (9 / 4 + 4) / 2],
])("Mahalanobis' distance: %s", (_, thirds, distance) => {
  const found = unlikeness(reference, lookFrom(thirds));
  expect(found.distance).toBeCloseTo(distance, 6);
  expect(found.limit).toBe(1.5);
  expect(found).not.toHaveProperty('upsideDown');
  expect(isUnlike(found)).toBe(distance > 1.5);
});

test.each([
  ['as heads lie', [4, 2], 0, false],
  ['halfway', [2, 1], 0.5, false],
  ['upside down', [0, 0], 1, true],
])('a head %s', (_, frontLessBack, expected, unlike) => {
  const facing = { direction: Float32Array.from([-0.125, -0.25]), offset: 1 };
  const found = unlikeness({ ...reference, facing }, lookFrom([10, 1], frontLessBack));
  expect(found.upsideDown).toBeCloseTo(expected, 6);
  expect(isUnlike(found)).toBe(unlike);
});
