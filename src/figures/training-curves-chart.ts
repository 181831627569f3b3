import type { ChartFrame, Layer } from './chart.ts';
import { framed, renderChart, seriesEncoding, titled } from './chart.ts';
import { ALERT } from './theme.ts';

export interface TrainingCurve {
  readonly label: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface TrainingPanel {
  /** The axis' title: `loss`, `AUC`. */
  readonly measure: string;
  readonly curves: readonly TrainingCurve[];
  /** Default: fitted to the values. */
  readonly range?: readonly [low: number, high: number];
}

export interface TrainingCurvesChart extends ChartFrame {
  /** Drawn below one another, over the same epochs. */
  readonly panels: readonly TrainingPanel[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch?: number;
}

function bestEpochLayers(bestEpoch: number | undefined): Layer[] {
  if (bestEpoch === undefined) return [];
  const x = { field: 'epoch', type: 'quantitative' } as const;
  const data = { values: [{ epoch: bestEpoch, text: `best: epoch ${bestEpoch}` }] };
  return [
    { data, mark: { type: 'rule', color: ALERT, strokeDash: [5, 3] }, encoding: { x } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'top', dx: 4, color: ALERT },
      encoding: { x, y: { value: 2 }, text: { field: 'text' } },
    },
  ];
}

function panelSpec(panel: TrainingPanel, chart: TrainingCurvesChart, last: boolean) {
  const values = panel.curves.flatMap(({ label, points }) => points.map((point) => ({ label, ...point })));
  const scale = panel.range ? { domain: [...panel.range], nice: false } : { zero: false };
  const curves: Layer = {
    data: { values },
    mark: { type: 'line', strokeWidth: 1.75, clip: true, point: values.length < 60 ? { size: 14 } : false },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: last ? 'epoch' : null,
        scale: { zero: false, nice: false, padding: 6 },
        axis: { tickMinStep: 1, format: 'd' },
      },
      y: { field: 'value', type: 'quantitative', title: panel.measure, scale },
      // Over all panels, so that a curve has its colour in each of them
      ...seriesEncoding([...new Set(chart.panels.flatMap(({ curves }) => curves.map(({ label }) => label)))]),
    },
  };
  const { width, height } = framed(chart, 520, 150);
  return {
    width,
    height,
    layer: [curves, ...bestEpochLayers(chart.bestEpoch)],
  };
}

/** Loss, AUC and the like per epoch, one panel each; an SVG text. */
export function trainingCurvesChart(chart: TrainingCurvesChart): Promise<string> {
  const last = chart.panels.length - 1;
  const vconcat = chart.panels.map((panel, i) => panelSpec(panel, chart, i === last));
  const resolve = { scale: { color: 'shared', strokeDash: 'shared' } } as const;
  const description = `${chart.panels.map((panel) => panel.measure).join(', ')} per epoch.`;
  return renderChart({ ...titled(chart), vconcat, resolve, spacing: 12 }, chart, description);
}
