import type { ChartFrame, Layer } from './chart.ts';
import { framed, renderChart } from './chart.ts';
import { INK, seriesStyle } from './theme.ts';

export interface ForestRow {
  readonly label: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Printed at the right; default `0.93 (0.90 to 0.96)`. */
  readonly text?: string;
}

export interface ForestChart extends ChartFrame {
  readonly rows: readonly ForestRow[];
  readonly measure: string;
  /** Default: fitted. */
  readonly range?: readonly [low: number, high: number];
  /** A line to compare with: chance, another method's figure. */
  readonly reference?: number;
}

/** Estimates with their intervals, one row each, figures at the right; an SVG text. */
export function forestChart(chart: ForestChart): Promise<string> {
  const { color } = seriesStyle(0);
  const values = chart.rows.map((row, i) => ({
    ...row,
    row: i,
    text: row.text ?? `${row.estimate.toFixed(2)} (${row.low.toFixed(2)} to ${row.high.toFixed(2)})`,
  }));
  const names = JSON.stringify(chart.rows.map((row) => row.label));
  const y = {
    field: 'row',
    type: 'ordinal',
    title: null,
    // labels by index: two rows may bear the same label
    axis: {
      grid: false,
      ticks: false,
      domain: false,
      labelLimit: 640,
      labelExpr: `${names}[datum.value]`,
      labelPadding: 10,
    },
  } as const;
  const scale = chart.range ? { domain: [...chart.range], nice: false } : { zero: false };
  const x = { field: 'low', type: 'quantitative', title: chart.measure, scale } as const;
  const data = { values };
  const reference: Layer[] =
    chart.reference === undefined
      ? []
      : [
          {
            data: { values: [{ at: chart.reference }] },
            mark: { type: 'rule', color: INK.axis, strokeDash: [3, 3] },
            encoding: { x: { field: 'at', type: 'quantitative' } },
          },
        ];
  const layer: Layer[] = [
    ...reference,
    { data, mark: { type: 'rule', color, strokeWidth: 1.5 }, encoding: { y, x, x2: { field: 'high' } } },
    {
      data,
      mark: { type: 'square', color, size: 44, opacity: 1 },
      encoding: { y, x: { ...x, field: 'estimate' } },
    },
    {
      data,
      mark: { type: 'text', align: 'left', dx: 12 },
      encoding: { y, x: { value: 'width' }, text: { field: 'text' } },
    },
  ];
  const summary = values.map((v) => `${v.label}: ${v.text}`).join('; ');
  return renderChart(
    { ...framed(chart, 300, 22 * chart.rows.length), layer },
    chart,
    `${chart.measure}. ${summary}`,
  );
}
