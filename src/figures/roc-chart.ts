import { at } from '../base/index.ts';
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
  /** Points of the interval alone, where it has others than the curve. */
  readonly band?: readonly CurvePoint[];
}

/** A reader, or an operating point: one dot with a name. */
export interface NamedPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Drawn as a cross through the dot. */
  readonly interval?: PointInterval;
}

/** Intervals of a point on both axes. */
export interface PointInterval {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
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

/** Smaller than other legends': a figure and its interval stand behind each name. */
const LEGEND_FONT = 9.5;

function bandLayer(curves: readonly Curve[], color: object): Layer[] {
  const values = curves.flatMap(({ label, points, band }) =>
    (band ?? points)
      .filter((p) => p.low !== undefined && p.high !== undefined)
      .map(({ x, low, high }) => ({ label, x, low, high })),
  );
  if (values.length === 0) return [];
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'low', type: 'quantitative' } as const;
  const mark = { type: 'area', opacity: 0.16, line: false } as const;
  return [{ data: { values }, mark, encoding: { x, y, y2: { field: 'high' }, color } }];
}

function curveLayers(
  curves: readonly Curve[],
  xTitle: string,
  yTitle: string,
  interpolate: 'linear' | 'step-before' = 'linear',
): Layer[] {
  const encoding = seriesEncoding(curves.map((curve) => curve.label));
  const values = curves.flatMap(({ label, points }) =>
    points.map((p, order) => ({ label, order, x: p.x, y: p.y })),
  );
  const x = { field: 'x', ...unitAxis(xTitle) };
  const y = { field: 'y', ...unitAxis(yTitle) };
  const legend = { orient: 'bottom', columns: 1, labelFontSize: LEGEND_FONT } as const;
  const one = { color: { ...encoding.color, legend }, strokeDash: { ...encoding.strokeDash, legend } };
  const order = { field: 'order', type: 'quantitative' } as const;
  return [
    // The legend of the lines: a band with another one of its own would take it away
    ...bandLayer(curves, one.color),
    {
      data: { values },
      mark: { type: 'line', strokeWidth: 2, interpolate },
      encoding: { x, y, order, ...one },
    },
  ];
}

/** Told apart without colour; after the last they start anew. */
const SHAPES = ['diamond', 'square', 'triangle-up', 'triangle-down', 'cross', 'triangle-right'] as const;

/** The intervals of points, thin lines along both axes. */
function crossLayers(points: readonly NamedPoint[]): Layer[] {
  const values = points.flatMap(({ x, y, interval }) =>
    interval === undefined
      ? []
      : [
          { x: interval.x[0], x2: interval.x[1], y, y2: y },
          { x, x2: x, y: interval.y[0], y2: interval.y[1] },
        ],
  );
  if (values.length === 0) return [];
  const mark = { type: 'rule', color: INK.text, strokeWidth: 0.7, opacity: 0.55 } as const;
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'y', type: 'quantitative' } as const;
  return [{ data: { values }, mark, encoding: { x, y, x2: { field: 'x2' }, y2: { field: 'y2' } } }];
}

/** Points named in a legend of their shapes: names beside the points would lie over each other near the corner. */
function pointLayers(readers: readonly NamedPoint[], operatingPoint: NamedPoint | undefined): Layer[] {
  const points = operatingPoint ? [...readers, operatingPoint] : readers;
  if (points.length === 0) return [];
  const shapeOf = (i: number): string => (i < readers.length ? at(SHAPES, i % SHAPES.length) : 'circle');
  const shape = {
    field: 'point',
    type: 'nominal',
    sort: null,
    scale: { domain: points.map(({ label }) => label), range: points.map((_, i) => shapeOf(i)) },
    legend: {
      orient: 'bottom',
      columns: 1,
      labelFontSize: LEGEND_FONT,
      symbolSize: 55,
      symbolStrokeWidth: 1.5,
      // the properties of their own are lost where the mark has a fill
      encoding: { symbols: { update: { stroke: { value: INK.text }, fill: { value: 'white' } } } },
    },
  } as const;
  const values = points.map(({ label, x, y }) => ({ point: label, x, y }));
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'y', type: 'quantitative' } as const;
  const mark = {
    type: 'point',
    size: 55,
    color: INK.text,
    fill: 'white',
    strokeWidth: 1.5,
    opacity: 1,
  } as const;
  return [...crossLayers(points), { data: { values }, mark, encoding: { x, y, shape } }];
}

/** Receiver operating characteristic with interval bands, readers and operating point; an SVG text. */
export function rocChart(chart: RocChart): Promise<string> {
  const layer = [
    diagonal(),
    ...curveLayers(chart.curves, '1 \u2212 specificity', 'sensitivity'),
    ...pointLayers(chart.readers ?? [], chart.operatingPoint),
  ];
  const points = [...(chart.readers ?? []), ...(chart.operatingPoint ? [chart.operatingPoint] : [])];
  const names = [...chart.curves.map((curve) => curve.label), ...points.map(pointText)].join('; ');
  return renderChart({ ...framed(chart, 300, 300), layer }, chart, `ROC curve. ${names}`);
}

const pointText = ({ label, x, y }: NamedPoint): string =>
  `${label}: sensitivity ${y.toFixed(2)}, specificity ${(1 - x).toFixed(2)}`;

/** Precision against recall, in the steps that average precision sums; an SVG text. */
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
  const steps = curveLayers(chart.curves, 'recall (sensitivity)', 'precision (PPV)', 'step-before');
  const layer = [...guess, ...steps];
  const names = chart.curves.map((curve) => curve.label).join('; ');
  return renderChart({ ...framed(chart, 300, 300), layer }, chart, `Precision-recall curve. ${names}`);
}
