import { expect, test } from 'vitest';
import { softTissueHu } from './seen-facts.ts';

const head = (shift: number) => ({
  hu: Int16Array.from({ length: 70_000 }, (_, k) => {
    const place = Math.floor(k / 7) % 100;
    if (place < 40) return -1000;
    return place < 90 ? 20 + (place - 40) / 2 + shift : 1200;
  }),
});

test('soft tissue alone counts: air and bone do not, and a shift of 10 HU is seen', () => {
  expect(softTissueHu(head(0))).toBe(32);
  expect(softTissueHu(head(10))).toBe(42);
  expect(softTissueHu({ hu: Int16Array.from([-1000, 1200]) })).toBeUndefined();
});
