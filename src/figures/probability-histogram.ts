import { at } from '../base/index.ts';
import type { ChartFrame, Layer } from './chart.ts';
import { framed, renderChart, seriesEncoding, titled, unitAxis } from './chart.ts';
import { ALERT } from './theme.ts';

export interface ProbabilityHistogram extends ChartFrame {
  /** Such as the reference-negative and the reference-positive subjects; drawn above one another. */
  readonly groups: readonly { readonly label: string; readonly probabilities: ArrayLike<number> }[];
  /** Default 20. */
  readonly bins?: number;
  readonly operatingPoint?: number;
}

function binCounts(probabilities: ArrayLike<number>, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(at(probabilities, i) * bins)));
    counts[bin] = at(counts, bin) + 1;
  }
  return counts;
}

/** How the probabilities of each group spread, one row of bars a group; an SVG text. */
export function probabilityHistogram(chart: ProbabilityHistogram): Promise<string> {
  const bins = chart.bins ?? 20;
  const { width, height } = framed(chart, 420, 90);
  const last = chart.groups.length - 1;
  const vconcat = chart.groups.map(({ label, probabilities }, i) => {
    const counts = binCounts(probabilities, bins);
    const values = counts.map((count, bin) => ({ low: bin / bins, high: (bin + 1) / bins, count, label }));
    const x = { field: 'low', ...unitAxis('probability'), ...(i === last ? {} : { title: null }) };
    const y = {
      field: 'count',
      type: 'quantitative',
      title: 'count',
      axis: { tickCount: 3, tickMinStep: 1, format: 'd' },
    } as const;
    const { color } = seriesEncoding(chart.groups.map((group) => group.label));
    const bars: Layer = {
      data: { values },
      mark: { type: 'bar', stroke: 'white', strokeWidth: 0.5 },
      encoding: { x, x2: { field: 'high' }, y, y2: { datum: 0 }, color: { ...color, legend: null } },
    };
    const title = {
      text: `${label} (${probabilities.length})`,
      fontWeight: 'normal',
      fontSize: 11,
      offset: 4,
      frame: 'group',
    } as const;
    return { width, height, title, layer: [bars, ...thresholdLayer(chart.operatingPoint)] };
  });
  const names = chart.groups.map((g) => `${g.label} (${g.probabilities.length})`).join(', ');
  return renderChart(
    { ...titled(chart), vconcat, spacing: 10 },
    chart,
    `Histogram of probabilities: ${names}.`,
  );
}

function thresholdLayer(operatingPoint: number | undefined): Layer[] {
  if (operatingPoint === undefined) return [];
  const data = { values: [{ at: operatingPoint }] };
  const x = { field: 'at', type: 'quantitative' } as const;
  return [{ data, mark: { type: 'rule', color: ALERT, strokeDash: [5, 3] }, encoding: { x } }];
}
