import { expect, test } from 'vitest';
import { largestOf, smallestOf } from './largest.ts';

test('the largest and the smallest of more values than a call takes', () => {
  const values = Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 1_000_003);
  expect(() => Math.max(...values)).toThrow(RangeError);
  expect([largestOf(values), smallestOf(values)]).toEqual([1_000_002, 0]);
  expect([largestOf([]), smallestOf([])]).toEqual([Math.max(), Math.min()]);
  expect([largestOf([1, Number.NaN, 2]), smallestOf([-1])]).toEqual([Number.NaN, -1]);
});
