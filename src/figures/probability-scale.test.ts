import { expect, test } from 'vitest';
import { probabilityScale } from './probability-scale.ts';

test.each([0.00162, 0.0000021, 0.9993])(
  'a threshold near an end, %d, stands clear of it and of half and twice its odds',
  (threshold) => {
    const { kind, shareOf, ticks } = probabilityScale(threshold);
    expect(kind).toBe('logit');
    expect(Math.min(shareOf(threshold), 1 - shareOf(threshold))).toBeGreaterThan(0.1);
    const odds = threshold / (1 - threshold);
    const [half, twice] = [odds / 2 / (1 + odds / 2), (2 * odds) / (1 + 2 * odds)];
    // On the page an 88th is a pixel
    expect(shareOf(threshold) - shareOf(half)).toBeGreaterThan(2 / 88);
    expect(shareOf(twice) - shareOf(threshold)).toBeGreaterThan(2 / 88);
    expect([shareOf(0), shareOf(1)]).toEqual([0, 1]);
    expect(ticks).toContain(0.5);
  },
);

test('at triage the ticks are those that readers know, with room for their numbers', () => {
  const { ticks, shareOf } = probabilityScale(0.00162);
  expect(ticks).toEqual([0.001, 0.01, 0.1, 0.5, 0.9, 0.99]);
  const heights = ticks.map(shareOf);
  for (const [i, height] of heights.slice(1).entries())
    expect(height - (heights[i] ?? 0)).toBeGreaterThan(10 / 88);
});

test.each([0, 0.05, 0.5, 0.95, 1])('%d leaves the scale even', (threshold) => {
  const { kind, shareOf } = probabilityScale(threshold);
  expect([kind, shareOf(0.25)]).toEqual(['even', 0.25]);
});
