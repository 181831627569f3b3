import { expect, test } from 'vitest';
import { daysPeriod } from './days-period.ts';

const hours = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 3_600_000;

test('the last day belongs to the period, whole', () => {
  const period = daysPeriod('2026-01-01', '2026-01-03', Date.parse('2026-06-01T00:00Z'));
  expect(hours(period)).toBe(72);
  expect(new Date(period.from).toString()).toContain('Jan 01 2026 00:00:00');
});

test('a period that ends today ends now', () => {
  const now = new Date('2026-01-03T15:00').getTime();
  expect(hours(daysPeriod('2026-01-03', '2026-01-03', now))).toBe(15);
});
