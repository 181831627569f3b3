import { expect, test } from 'vitest';
import { countBarsChart } from './count-bars-chart.ts';
import { valueHistogram } from './value-histogram.ts';

/** Width of each rectangle, px: the plot's own, then the bars', then the legend's. */
const barWidths = (svg: string): number[] =>
  [...svg.matchAll(/<path[^>]* d="M[\d.-]+,[\d.-]+h([\d.]+)v[\d.]+h-[\d.]+Z"/g)].map((match) =>
    Number(match[1]),
  );

test('bars are as long as their counts, a group a row; the same input gives the same bytes', async () => {
  const chart = {
    measure: 'subjects',
    series: ['training', 'test'],
    rows: [
      { label: 'any', counts: [40, 10] },
      { label: 'epidural', counts: [20, 0] },
    ],
  };
  const svg = await countBarsChart(chart);
  const [first = 0, ...others] = barWidths(svg)
    .filter((width) => width > 0)
    .slice(1, 4);
  expect(others.map((width) => Math.round((100 * width) / first))).toEqual([25, 50]);
  expect(svg).toContain('aria-label="Bars of subjects: any 40, 10; epidural 20, 0."');
  expect(await countBarsChart(chart)).toBe(svg);
});

test('a histogram has a panel a group on one axis, and stands without values', async () => {
  const groups = [
    { label: 'without', values: [1, 2, 3, 60] },
    { label: 'with', values: [50] },
  ];
  const svg = await valueHistogram({ measure: 'age (years)', groups });
  expect(svg).toContain('without (4)');
  expect(svg).toContain('with (1)');
  expect(await valueHistogram({ measure: 'age', groups: [{ label: 'none', values: [] }] })).toContain(
    'none (0)',
  );
});
