import type { ChartFrame } from './chart.ts';
import { renderChart, seriesEncoding, titled } from './chart.ts';

export interface ValueHistogram extends ChartFrame {
  /** Of the horizontal axis, with its unit: `age (years)`. */
  readonly measure: string;
  /** Drawn one below the other on one axis. */
  readonly groups: readonly { readonly label: string; readonly values: readonly number[] }[];
  /** At most so many bars over the whole range; default 20. */
  readonly bins?: number;
}

/** How the values of each group spread; an SVG text. */
export function valueHistogram(chart: ValueHistogram): Promise<string> {
  const all = chart.groups.flatMap(({ values }) => [...values]);
  const extent = all.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as readonly [number, number]);
  const { color } = seriesEncoding(chart.groups.map(({ label }) => label));
  const vconcat = chart.groups.map(({ label, values }, i) => ({
    title: {
      text: `${label} (${values.length})`,
      fontWeight: 'normal',
      fontSize: 11,
      offset: 4,
      frame: 'group',
    } as const,
    width: chart.widthPx ?? 360,
    height: chart.heightPx ?? 80,
    data: { values: values.map((value) => ({ value, label })) },
    mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5 } as const,
    encoding: {
      x: {
        field: 'value',
        type: 'quantitative',
        bin: {
          maxbins: chart.bins ?? 20,
          ...(all.length > 0 && { extent: [...extent] as [number, number] }),
        },
        title: i === chart.groups.length - 1 ? chart.measure : null,
        axis: { format: '~g' },
      } as const,
      y: {
        aggregate: 'count',
        type: 'quantitative',
        title: 'count',
        axis: { tickCount: 3, tickMinStep: 1, format: 'd' },
      } as const,
      color: { ...color, legend: null },
    },
  }));
  const names = chart.groups.map(({ label, values }) => `${label} (${values.length})`).join(', ');
  return renderChart(
    { ...titled(chart), vconcat, spacing: 10 },
    chart,
    `Histogram of ${chart.measure}: ${names}.`,
  );
}
