import { expect, test } from 'vitest';
import { at, firstOf, nonEmpty } from './at.ts';

test('an index outside is a fault, not undefined', () => {
  expect(at([4, 5], 1)).toBe(5);
  expect(() => at([4, 5], 2)).toThrow('no element 2 among 2');
  expect(() => at([4, 5], -1)).toThrow(RangeError);
});

test('the first elements get names', () => {
  const [first, second] = firstOf(['a', 'b', 'c'], 2);
  expect([first, second]).toEqual(['a', 'b']);
  expect(() => firstOf(['a'], 2)).toThrow('1 elements, expected at least 2');
});

test('an empty list is not passed on as one that holds something', () => {
  expect(nonEmpty([7])).toEqual([7]);
  expect(() => nonEmpty([])).toThrow(RangeError);
});
