import type { ChartFrame, Layer } from './chart.ts';
import { diagonal, framed, renderChart, seriesEncoding, unitAxis } from './chart.ts';
import { INK } from './theme.ts';

/** One point of a curve, with the interval of its height where there is one. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export interface Curve {
  /** With its figure: `Ichor, AUC 0.93 (0.90 to 0.96)`. */
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

/** A reader, or an operating point: one dot with a name. */
export interface NamedPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

export interface RocChart extends ChartFrame {
  /** x = 1 - specificity, y = sensitivity, from (0, 0) to (1, 1). */
  readonly curves: readonly Curve[];
  readonly readers?: readonly NamedPoint[];
  readonly operatingPoint?: NamedPoint;
}

export interface PrecisionRecallChart extends ChartFrame {
  /** x = recall (sensitivity), y = precision (positive predictive value). */
  readonly curves: readonly Curve[];
  /** Drawn as the line of a test that guesses. */
  readonly prevalence?: number;
}

function bandLayer(curves: readonly Curve[], color: object): Layer[] {
  const values = curves.flatMap(({ label, points }) =>
    points.filter((p) => p.low !== undefined && p.high !== undefined).map((p) => ({ label, ...p })),
  );
  if (values.length === 0) return [];
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'low', type: 'quantitative' } as const;
  const mark = { type: 'area', opacity: 0.16, line: false } as const;
  return [{ data: { values }, mark, encoding: { x, y, y2: { field: 'high' }, color } }];
}

function curveLayers(curves: readonly Curve[], xTitle: string, yTitle: string): Layer[] {
  const encoding = seriesEncoding(curves.map((curve) => curve.label));
  const values = curves.flatMap(({ label, points }) =>
    points.map((p, order) => ({ label, order, x: p.x, y: p.y })),
  );
  const x = { field: 'x', ...unitAxis(xTitle) };
  const y = { field: 'y', ...unitAxis(yTitle) };
  const legend = { orient: 'bottom', columns: 1 } as const;
  const one = { color: { ...encoding.color, legend }, strokeDash: { ...encoding.strokeDash, legend } };
  const order = { field: 'order', type: 'quantitative' } as const;
  return [
    // The legend of the lines: a band with another one of its own would take it away
    ...bandLayer(curves, one.color),
    { data: { values }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, order, ...one } },
  ];
}

function pointLayers(points: readonly NamedPoint[], shape: string, color: string): Layer[] {
  if (points.length === 0) return [];
  const data = { values: points.map(({ label, x, y }) => ({ text: label, x, y })) };
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'y', type: 'quantitative' } as const;
  return [
    {
      data,
      mark: { type: 'point', shape, size: 60, color, fill: 'white', strokeWidth: 1.5, opacity: 1 },
      encoding: { x, y },
    },
    {
      data,
      mark: { type: 'text', align: 'left', dx: 7, dy: 5, color },
      encoding: { x, y, text: { field: 'text' } },
    },
  ];
}

/** Receiver operating characteristic with interval bands, readers and operating point; an SVG text. */
export function rocChart(chart: RocChart): Promise<string> {
  const layer = [
    diagonal(),
    ...curveLayers(chart.curves, '1 \u2212 specificity', 'sensitivity'),
    ...pointLayers(chart.readers ?? [], 'diamond', INK.text),
    ...pointLayers(chart.operatingPoint ? [chart.operatingPoint] : [], 'circle', INK.text),
  ];
  const names = chart.curves.map((curve) => curve.label).join('; ');
  return renderChart({ ...framed(chart, 300, 300), layer }, chart, `ROC curve. ${names}`);
}

/** Precision against recall; an SVG text. */
export function precisionRecallChart(chart: PrecisionRecallChart): Promise<string> {
  const guess: Layer[] =
    chart.prevalence === undefined
      ? []
      : [
          {
            data: { values: [{ y: chart.prevalence }] },
            mark: { type: 'rule', color: INK.axis, strokeDash: [3, 3] },
            encoding: { y: { field: 'y', type: 'quantitative' } },
          },
        ];
  const layer = [...guess, ...curveLayers(chart.curves, 'recall (sensitivity)', 'precision (PPV)')];
  const names = chart.curves.map((curve) => curve.label).join('; ');
  return renderChart({ ...framed(chart, 300, 300), layer }, chart, `Precision-recall curve. ${names}`);
}
