import type { ChartFrame, Layer } from './chart.ts';
import { framed, renderChart, seriesEncoding, unitAxis } from './chart.ts';
import { type ProbabilityScale, probabilityScale } from './probability-scale.ts';
import { ALERT, INK } from './theme.ts';

export interface SliceProbabilities {
  readonly label: string;
  /** One a slice, in the order of `positionsMm`. */
  readonly probabilities: readonly number[];
}

export interface SliceProbabilityChart extends ChartFrame {
  /** Of each slice, inferior to superior. */
  readonly positionsMm: readonly number[];
  readonly positionTitle?: string;
  /** The first is drawn strongest. */
  readonly series: readonly SliceProbabilities[];
  readonly operatingPoint: number;
  /** Indexes of slices to mark on the axis: those shown in the montage. */
  readonly markedSlices?: readonly number[];
}

const POSITION = { field: 'positionMm', type: 'quantitative' } as const;

/** Probabilities, or where the scale is uneven their shares of its height. */
function axisOf({ kind, ticks, shareOf }: ProbabilityScale) {
  const even = { field: 'probability', ...unitAxis('probability') };
  if (kind === 'even') return even;
  const labels = ticks.map((tick) => `abs(datum.value - ${shareOf(tick)}) < 1e-6 ? '${tick}' : `);
  const axis = { values: ticks.map(shareOf), labelExpr: `${labels.join('')}''`, labelOverlap: false };
  return { ...even, title: `probability (${kind} scale)`, axis };
}

const heightOf = ({ kind, shareOf }: ProbabilityScale, probability: number): number =>
  kind === 'even' ? probability : shareOf(probability);

function operatingPointLayers(operatingPoint: number, scale: ProbabilityScale): Layer[] {
  const text = `threshold ${operatingPoint}`;
  const data = { values: [{ probability: heightOf(scale, operatingPoint), text }] };
  // the same axis as the curves': Vega-Lite merges the layers' axes and drops what only one of them asks for
  const y = axisOf(scale);
  return [
    { data, mark: { type: 'rule', color: ALERT, strokeWidth: 1, strokeDash: [5, 3] }, encoding: { y } },
    {
      data,
      // at the skull's base, where probabilities are mostly low and the curves leave room
      mark: {
        type: 'text',
        align: 'left',
        dx: 4,
        dy: operatingPoint > 0.9 ? 9 : -6,
        color: ALERT,
        fontSize: 10,
      },
      encoding: { y, x: { value: 0 }, text: { field: 'text' } },
    },
  ];
}

function markedLayer(chart: SliceProbabilityChart): Layer[] {
  if (!chart.markedSlices?.length) return [];
  const values = chart.markedSlices.map((slice) => ({ positionMm: chart.positionsMm[slice] }));
  return [
    {
      data: { values },
      mark: { type: 'point', shape: 'triangle-down', filled: true, size: 36, color: INK.text, opacity: 1 },
      encoding: { x: POSITION, y: { value: -5 } },
    },
  ];
}

/** The probability of each slice along the head, with the operating point; an SVG text. */
export function sliceProbabilityChart(chart: SliceProbabilityChart): Promise<string> {
  const scale = probabilityScale(chart.operatingPoint);
  const [first, ...others] = chart.series;
  const rows = (series: readonly SliceProbabilities[]) => ({
    values: series.flatMap(({ label, probabilities }) =>
      probabilities.map((probability, i) => ({
        label,
        probability: heightOf(scale, probability),
        positionMm: chart.positionsMm[i],
      })),
    ),
  });
  const encoding = {
    x: {
      ...POSITION,
      title: chart.positionTitle ?? 'position, mm',
      scale: { zero: false, nice: false, padding: 6 },
    },
    y: axisOf(scale),
    ...seriesEncoding(chart.series.map((s) => s.label)),
  };
  const line = (series: readonly SliceProbabilities[], strokeWidth: number, point: boolean): Layer => ({
    data: rows(series),
    mark: {
      type: 'line',
      strokeWidth,
      strokeJoin: 'round',
      ...(point ? { point: { size: 16, filled: true } } : {}),
    },
    encoding,
  });
  const layer = [
    ...operatingPointLayers(chart.operatingPoint, scale),
    ...(others.length ? [line(others, 1.75, false)] : []),
    ...(first ? [line([first], 2.25, true)] : []),
    ...markedLayer(chart),
  ];
  return renderChart({ ...framed(chart, 520, 170), layer }, chart, describeCurve(chart));
}

function describeCurve({ series, positionsMm, operatingPoint }: SliceProbabilityChart): string {
  const probabilities = series[0]?.probabilities ?? [];
  const highest = Math.max(...probabilities);
  const above = probabilities.filter((p) => p >= operatingPoint).length;
  return (
    `${series[0]?.label ?? 'Probability'} along ${positionsMm.length} slices: highest ${highest.toFixed(2)}, ` +
    `${above} slices at or above the operating point ${operatingPoint}.`
  );
}
