import type { ChartFrame, Layer } from './chart.ts';
import { diagonal, framed, renderChart, unitAxis } from './chart.ts';
import { seriesStyle } from './theme.ts';

export interface CalibrationBin {
  /** Mean predicted probability in the bin. */
  readonly predicted: number;
  /** Share of the bin that is truly positive, with its interval. */
  readonly observed: number;
  readonly low?: number;
  readonly high?: number;
  readonly count: number;
}

export interface CalibrationChart extends ChartFrame {
  readonly bins: readonly CalibrationBin[];
}

/** Reliability diagram: observed share against predicted probability, dots sized by count; an SVG text. */
export function calibrationChart(chart: CalibrationChart): Promise<string> {
  const { color } = seriesStyle(0);
  const x = { field: 'predicted', ...unitAxis('predicted probability') };
  const y = { field: 'observed', ...unitAxis('observed share') };
  const size = {
    field: 'count',
    type: 'quantitative',
    scale: { range: [20, 160], zero: true },
    legend: null,
  } as const;
  const withInterval = chart.bins.filter((bin) => bin.low !== undefined && bin.high !== undefined);
  const layer: Layer[] = [
    diagonal(),
    {
      data: { values: withInterval },
      mark: { type: 'rule', color, strokeWidth: 1.25 },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    { data: { values: [...chart.bins] }, mark: { type: 'line', color, strokeWidth: 1 }, encoding: { x, y } },
    {
      data: { values: [...chart.bins] },
      mark: { type: 'point', filled: true, color, opacity: 1 },
      encoding: { x, y, size },
    },
  ];
  const total = chart.bins.reduce((sum, bin) => sum + bin.count, 0);
  return renderChart(
    { ...framed(chart, 300, 300), layer },
    chart,
    `Calibration of ${total} predictions in ${chart.bins.length} bins.`,
  );
}
