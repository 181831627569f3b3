import { expect, test } from 'vitest';
import { sameSlice } from './same-slice.ts';

const slicesOf = (...uids: string[]) => ({
  slices: uids.map((sopInstanceUid) => ({ positionMm: 0, probabilities: {}, sopInstanceUid })),
});

test('a slice is found again where others came before it', () => {
  const [before, after] = [slicesOf('b', 'c'), slicesOf('a', 'b', 'c')];
  expect([0, 1].map((slice) => sameSlice(slice, before, after))).toEqual([1, 2]);
  expect([0, 1, 2].map((slice) => sameSlice(slice, after, before))).toEqual([undefined, 0, 1]);
  expect(sameSlice(7, before, after)).toBeUndefined();
});

test('frames of one object keep their numbers', () => {
  expect(sameSlice(1, slicesOf('a', 'a'), slicesOf('a', 'a', 'a'))).toBe(1);
  expect(sameSlice(2, slicesOf('a', 'a', 'a'), slicesOf('a', 'a'))).toBeUndefined();
});
