import { at } from '../base/index.ts';
import type { ChartFrame } from './chart.ts';
import { framed, renderChart, seriesEncoding, unitAxis } from './chart.ts';

export interface WaitingCurve {
  readonly label: string;
  /** Minutes, ascending. */
  readonly waits: ArrayLike<number>;
}

export interface WaitingChart extends ChartFrame {
  readonly curves: readonly WaitingCurve[];
  /** Where the axis ends, minutes. */
  readonly mostMinutes: number;
}

const POINTS = 120;

/** The share that still waits after so many minutes, a curve each; an SVG text. */
export function waitingChart(chart: WaitingChart): Promise<string> {
  const { curves, mostMinutes } = chart;
  const values = curves.flatMap(({ label, waits }) =>
    Array.from({ length: POINTS + 1 }, (_, k) => {
      const minutes = (k * mostMinutes) / POINTS;
      return { label, minutes, share: waits.length === 0 ? 0 : 1 - countUpTo(waits, minutes) / waits.length };
    }),
  );
  const labels = curves.map(({ label }) => label);
  return renderChart(
    {
      ...framed(chart, 520, 260),
      data: { values },
      mark: { type: 'line', strokeWidth: 1.75, clip: true },
      encoding: {
        x: { field: 'minutes', type: 'quantitative', title: 'minutes since arrival', scale: { nice: false } },
        y: { field: 'share', ...unitAxis('share still waiting') },
        ...seriesEncoding(labels),
      },
    },
    chart,
    `Share of studies still waiting, by minutes since arrival: ${labels.join(', ')}.`,
  );
}

/** How many of ascending values are at most `limit`. */
function countUpTo(ascending: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(ascending, middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
