import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { isEmpty } from './measurement.ts';

interface Golden {
  readonly ks: readonly { name: string; x: number[]; y: number[]; statistic: number; p: number }[];
  readonly p: readonly number[];
  readonly bh: readonly number[];
}
const golden: Golden = JSON.parse(await readFile(new URL('golden/drift.json', import.meta.url), 'utf8'));

test.each(golden.ks)("Kolmogorov and Smirnov, $name: as R's ks.test", ({ x, y, statistic, p }) => {
  const found = kolmogorovSmirnov(x, y);
  if (isEmpty(found)) throw new Error(found.empty);
  expect(found.statistic).toBeCloseTo(statistic, 12);
  // R stops its series at 1e-6
  expect(Math.abs(found.p - p)).toBeLessThan(1e-6);
  expect(kolmogorovSmirnov(y, x)).toEqual(found);
});

test('without values on one side there is no test', () => {
  expect(kolmogorovSmirnov([], [1])).toEqual({ empty: 'no values on one side' });
});

test("Benjamini and Hochberg: as R's p.adjust", () => {
  for (const [k, p] of benjaminiHochberg(golden.p).entries())
    expect(p).toBeCloseTo(golden.bh[k] ?? Number.NaN, 14);
  expect(benjaminiHochberg([])).toEqual([]);
});
