import { expect, test } from 'vitest';
import { notchesOf, wholeNotches } from './wheel.ts';

/** How many whole notches such events make, one after the other. */
function counted(deltas: readonly number[], deltaMode = 0): number {
  let [count, rest] = [0, 0];
  for (const deltaY of deltas) {
    const step = wholeNotches(rest, notchesOf({ deltaY, deltaMode }));
    rest = step.rest;
    count += step.whole;
  }
  return count;
}

test.each([
  ['a wheel of 120 pixels a notch', [120, 120, -120], 0, 1],
  ['one of 100 pixels', [100, 100, 100], 0, 3],
  ['one on a page that is shown larger', [66.7, 66.7], 0, 2],
  ['one that tells lines', [3, 3, -3], 1, 1],
  ['one that tells pages', [-1], 2, -1],
  ['ten small steps of a trackpad', Array.from({ length: 10 }, () => 3), 0, 0],
  ['forty of them', Array.from({ length: 40 }, () => -3), 0, -2],
  ['a turn the other way, which begins anew', [40, -40, -20], 0, -1],
])('%s', (_, deltas, mode, notches) => {
  expect(counted(deltas, mode)).toBe(notches);
});
