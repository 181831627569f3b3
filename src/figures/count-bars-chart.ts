import type { ChartFrame } from './chart.ts';
import { renderChart, seriesEncoding, titled } from './chart.ts';

export interface CountBarsChart extends ChartFrame {
  /** Of the horizontal axis: `subjects`. */
  readonly measure: string;
  /** The colours, such as training, validation and test; each row has a count for each. */
  readonly series: readonly string[];
  readonly rows: readonly { readonly label: string; readonly counts: readonly number[] }[];
}

/** Counts as bars side by side, a group a row; an SVG text. */
export function countBarsChart(chart: CountBarsChart): Promise<string> {
  const values = chart.rows.flatMap(({ label: row, counts }) =>
    chart.series.map((label, i) => ({ row, label, count: counts[i] ?? 0 })),
  );
  const { color } = seriesEncoding(chart.series);
  const labels = chart.rows.map((row) => row.label);
  const y = {
    field: 'row',
    type: 'nominal',
    sort: labels,
    title: null,
    axis: { grid: false, ticks: false, labelLimit: 280 },
  } as const;
  const yOffset = { field: 'label', type: 'nominal', sort: [...chart.series] } as const;
  const x = {
    field: 'count',
    type: 'quantitative',
    title: chart.measure,
    axis: { tickMinStep: 1, format: 'd' },
  } as const;
  const height = { step: Math.max(7, 20 / chart.series.length) };
  return renderChart(
    {
      ...titled(chart),
      width: chart.widthPx ?? 360,
      height,
      data: { values },
      mark: { type: 'bar', height: { band: 0.9 } },
      // The stroke too: legends of all charts draw strokes
      encoding: { x, y, yOffset, color, stroke: color },
    },
    chart,
    `Bars of ${chart.measure}: ${chart.rows.map(({ label, counts }) => `${label} ${counts.join(', ')}`).join('; ')}.`,
  );
}
