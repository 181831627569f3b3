import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import { recountedSeries, type SeriesRows, thinnedSeries } from './thinned-series.ts';

/** Ten slices of two numbers each, the slice's own; those of 3 to 7 bleed. */
const SERIES: SeriesRows = {
  features: Float32Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)),
  targets: Array.from({ length: 10 }, (_, slice) => [slice >= 3 && slice <= 7 ? 1 : 0, 0, 0, 0, 0, 0]),
};
const slicesOf = ({ features }: SeriesRows): number[] =>
  Array.from({ length: features.length / 2 }, (_, i) => features[2 * i] ?? Number.NaN);

test('a thinned series keeps all that does not bleed, and one to three neighbours that do', () => {
  const kept = Array.from({ length: 60 }, (_, seed) => thinnedSeries(SERIES, createRandom(seed)));
  const bleeding = kept.map((series) => slicesOf(series).filter((slice) => slice >= 3 && slice <= 7));
  for (const [i, series] of kept.entries()) {
    expect(slicesOf(series).filter((slice) => slice < 3 || slice > 7)).toEqual([0, 1, 2, 8, 9]);
    expect(series.targets.filter(([any]) => any === 1)).toHaveLength(bleeding[i]?.length ?? 0);
  }
  expect(new Set(bleeding.map(({ length }) => length))).toEqual(new Set([1, 2, 3]));
  for (const slices of bleeding) expect((slices.at(-1) ?? 0) - (slices[0] ?? 0)).toBe(slices.length - 1);
});

test('a series that does not bleed stays as it is', () => {
  const healthy = { ...SERIES, targets: SERIES.targets.map(() => [0, 0, 0, 0, 0, 0]) };
  expect(thinnedSeries(healthy, createRandom(1))).toEqual(healthy);
});

test.each([
  [20, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]],
  [5, [1, 3, 5, 7, 9]],
  [10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
])('a series of ten slices with %i', (count, slices) => {
  const recounted = recountedSeries(SERIES, count);
  expect(slicesOf(recounted)).toEqual(slices);
  expect(recounted.targets.map(([any]) => any)).toEqual(slices.map((slice) => SERIES.targets[slice]?.[0]));
});
