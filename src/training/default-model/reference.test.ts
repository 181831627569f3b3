import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import { unlikeness } from '../../prediction/index.ts';
import { fitReference } from './reference.ts';

/** Forty series of sixty values: noise, and one direction along which they differ much. */
const random = createRandom(7);
const series = Array.from({ length: 40 }, () => {
  const along = random.normal(0, 5);
  return Float32Array.from({ length: 60 }, (_, i) => 3 + random.normal(0, 1) + (i % 2) * along);
});
const { reference, leftOut } = fitReference(series, 'a test', unlikeness);

test('at most one in twenty lies beyond the limit when it is left out', () => {
  expect(leftOut).toHaveLength(40);
  expect(leftOut.filter((distance) => distance > reference.limit)).toHaveLength(2);
});

test('what differs as the training does is like it, what differs otherwise is not', () => {
  const like = Float32Array.from({ length: 60 }, (_, i) => 3 + (i % 2) * 6);
  const unlike = Float32Array.from({ length: 60 }, (_, i) => 3 + (i < 30 ? 6 : -6));
  expect(unlikeness(reference, like).distance).toBeLessThan(reference.limit);
  expect(unlikeness(reference, unlike).distance).toBeGreaterThan(3 * reference.limit);
});
