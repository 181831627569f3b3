import { expect, test } from 'vitest';
import { nearestFirst } from './nearest-first.ts';

test('outward from where the reader looks', () => {
  expect([...nearestFirst(7, () => 2)]).toEqual([2, 3, 1, 4, 0, 5, 6]);
  expect([...nearestFirst(3, () => 99)]).toEqual([2, 1, 0]);
  expect([...nearestFirst(0, () => 0)]).toEqual([]);
});

test('who scrolls away is followed, and nothing is left out or read twice', () => {
  let at = 0;
  const order: number[] = [];
  for (const slice of nearestFirst(8, () => at)) {
    order.push(slice);
    if (order.length === 2) at = 6;
  }
  expect(order).toEqual([0, 1, 6, 7, 5, 4, 3, 2]);
});
