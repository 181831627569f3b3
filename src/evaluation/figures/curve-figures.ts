import { type Curve, precisionRecallChart, type RocChart, rocChart } from '../../figures/index.ts';
import { isEmpty, rankScores, type ThresholdPoint, thresholdPoints } from '../../statistics/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level } from '../opinions/opinions.ts';
import { classLabel, type Judged, measureOf } from '../tables/performance-tables.ts';
import { cellText } from '../tables/table.ts';
import type { CurvePoints, Figure, LevelInput } from './figure.ts';

/** A curve of more points than a screen has pixels is thinned to these many. */
const MOST_POINTS = 400;

/** Three charts of a class fit beside each other. */
const SQUARE = { widthPx: 250, heightPx: 250 } as const;

/** Of all who give probabilities. */
export const curvePoints = (judged: readonly Judged[]): CurvePoints =>
  new Map(
    judged.flatMap((one): [Judged, readonly ThresholdPoint[]][] => {
      if (one.decisionsOnly) return [];
      const points = thresholdPoints(rankScores(one.rows.values, one.rows.positive), MOST_POINTS);
      return isEmpty(points) ? [] : [[one, points]];
    }),
  );

function rocCurve(label: string, judged: Judged, points: readonly ThresholdPoint[]): Curve {
  const area = measureOf(judged, 'auc');
  const value = isEmpty(area) ? '' : `, AUC ${cellText(area)}`;
  return {
    label: `${label}${value}`,
    points: points.map((p) => ({ x: 1 - p.specificity, y: p.sensitivity })),
  };
}

/** ROC with intervals and readers, and precision against recall, of all models on one class and level. */
export async function curveFigures(input: LevelInput, className: ClassName, level: Level): Promise<Figure[]> {
  const own = input.judged.filter((one) => one.className === className && one.level === level);
  const main = own.find((one) => one.source === input.model);
  const models = own
    .filter((one) => !one.decisionsOnly)
    .sort((a, b) => Number(b === main) - Number(a === main));
  const drawn = models.flatMap((judged) => {
    const points = input.points.get(judged);
    return points === undefined ? [] : [{ judged, points }];
  });
  if (!main || drawn[0]?.judged !== main) return [];
  const label = `${classLabel(className)}, ${level} level`;
  const id = `${level}-${className}`;
  const band = main.performance.band.map((p) => ({ ...p, x: p.falsePositiveRate, y: p.sensitivity }));
  const readers = own.filter((one) => one.decisionsOnly).flatMap(readerPoint);
  const chart: RocChart = {
    id: `roc-${id}`,
    title: label,
    ...SQUARE,
    curves: drawn.map(({ judged, points }) => ({
      ...rocCurve(judged.source, judged, points),
      ...(judged === main ? { band } : {}),
    })),
    readers,
    operatingPoint: { ...pointAt(main), label: `${input.model} at ${input.threshold}` },
  };
  const precision = await precisionRecallChart({
    id: `pr-${id}`,
    title: label,
    ...SQUARE,
    curves: drawn.map(({ judged, points }) => precisionCurve(judged, points)),
    prevalence: main.performance.positives / main.performance.rows,
  });
  const shaded =
    band.length > 0
      ? ' Shaded: pointwise interval of resampled patients, too narrow at the far left and near the top.'
      : '';
  return [
    {
      id: `roc-${id}`,
      part: level,
      caption: `ROC curve, ${label}.${shaded}${readers.length > 0 ? ' Crosses: intervals of readers.' : ''}`,
      svg: await rocChart(chart),
    },
    {
      id: `pr-${id}`,
      part: level,
      caption: `Precision and recall, ${label}. AP: average precision. Dotted: prevalence.`,
      svg: precision,
    },
  ];
}

function precisionCurve(judged: Judged, points: readonly ThresholdPoint[]): Curve {
  const mean = measureOf(judged, 'averagePrecision');
  return {
    label: `${judged.source}${isEmpty(mean) ? '' : `, AP ${cellText(mean)}`}`,
    points: points.filter((p) => p.sensitivity > 0).map((p) => ({ x: p.sensitivity, y: p.precision })),
  };
}

function readerPoint(judged: Judged) {
  const [sensitivity, specificity] = [measureOf(judged, 'sensitivity'), measureOf(judged, 'specificity')];
  if (isEmpty(sensitivity) || isEmpty(specificity)) return [];
  // without an interval there is nothing to draw
  const isKnown = Number.isFinite(sensitivity.low) && Number.isFinite(specificity.low);
  const interval =
    isKnown &&
    ({
      x: [1 - specificity.high, 1 - specificity.low],
      y: [sensitivity.low, sensitivity.high],
    } as const);
  return [
    {
      label: judged.source,
      x: 1 - specificity.value,
      y: sensitivity.value,
      ...(interval && { interval }),
    },
  ];
}

/** Both rates exist where a curve does. */
function pointAt({ performance: { confusion: c } }: Judged): { x: number; y: number } {
  return {
    x: c.falsePositives / (c.falsePositives + c.trueNegatives),
    y: c.truePositives / (c.truePositives + c.falseNegatives),
  };
}

/** The model's curves of all subtypes in one chart (paper, Fig. 3 b and d). */
export async function subtypeFigure(input: LevelInput, level: Level): Promise<Figure[]> {
  const curves = CLASS_NAMES.filter((name) => name !== 'anyHemorrhage').flatMap((className): Curve[] => {
    const judged = input.judged.find(
      (one) => one.className === className && one.level === level && one.source === input.model,
    );
    const points = judged && input.points.get(judged);
    return points ? [rocCurve(classLabel(className), judged, points)] : [];
  });
  if (curves.length < 2) return [];
  const id = `roc-${level}-subtypes`;
  const svg = await rocChart({ id, title: `Subtypes, ${level} level`, curves, widthPx: 330, heightPx: 330 });
  const caption = `ROC curves of ${input.model} for the subtypes, ${level} level, on studies with hemorrhage.`;
  return [{ id, part: level, caption, svg }];
}
