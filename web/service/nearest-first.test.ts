import { expect, test } from 'vitest';
import { nearestFirst } from './nearest-first.ts';

const slices = (count: number) => Array.from({ length: count }, (_, slice) => slice);

test('outward from where the reader looks', () => {
  expect([...nearestFirst(slices(7), () => 2)]).toEqual([2, 3, 1, 4, 0, 5, 6]);
  expect([...nearestFirst(slices(3), () => 99)]).toEqual([2, 1, 0]);
  expect([...nearestFirst(slices(0), () => 0)]).toEqual([]);
});

test('who scrolls away is followed, and nothing is left out or read twice', () => {
  let at = 0;
  const order: number[] = [];
  for (const slice of nearestFirst(slices(8), () => at)) {
    order.push(slice);
    if (order.length === 2) at = 6;
  }
  expect(order).toEqual([0, 1, 6, 7, 5, 4, 3, 2]);
});
