import {
  calibrationChart,
  forestChart,
  precisionRecallChart,
  probabilityHistogram,
  rocChart,
} from '../figures/index.ts';
import { isEmpty, rankScores, type ThresholdPoint, thresholdPoints } from '../statistics/index.ts';
import { CLASS_NAMES } from './opinion-row.ts';
import type { Level, Opinions } from './opinions.ts';
import { classLabel, type Judged, measureOf } from './performance-tables.ts';
import { populationOf, type StudyFilter, valuesOn } from './population.ts';
import type { SubgroupFindings } from './subgroups.ts';
import { cellText } from './table.ts';

/** A chart of the report. */
export interface Figure {
  readonly id: string;
  readonly part: 'subject' | 'slice' | 'calibration' | 'subgroups';
  readonly caption: string;
  readonly svg: string;
}

export interface FigureInput {
  readonly opinions: Opinions;
  readonly model: string;
  readonly judged: readonly Judged[];
  readonly groups: SubgroupFindings;
  readonly filter: StudyFilter;
  readonly threshold: number;
}

/** A curve of more points than a screen has pixels is thinned to these many. */
const MOST_POINTS = 400;

/** Three charts of a class fit beside each other. */
const SQUARE = { widthPx: 250, heightPx: 250 } as const;

/** All charts of the model. */
export async function evaluationFigures(input: FigureInput): Promise<Figure[]> {
  const curves = await Promise.all(
    CLASS_NAMES.flatMap((className) =>
      (['subject', 'slice'] as const).map((level) => classFigures(input, className, level)),
    ),
  );
  return [...curves.flat(), ...(await forestFigures(input.groups))];
}

async function classFigures(
  input: FigureInput,
  className: (typeof CLASS_NAMES)[number],
  level: Level,
): Promise<Figure[]> {
  const own = input.judged.filter((one) => one.className === className && one.level === level);
  const judged = own.find((one) => one.source === input.model);
  if (!judged) return [];
  const population = populationOf(input.opinions, className, level, input.filter);
  const values = valuesOn(input.opinions, input.model, population);
  const points = thresholdPoints(rankScores(values, population.positive));
  const label = `${classLabel(className)}, ${level} level`;
  const id = `${level}-${className}`;
  const histogram = await histogramOf(input, values, population.positive, id, label, level);
  if (isEmpty(points)) return [histogram];
  const area = measureOf(judged, 'auc');
  const areaText = isEmpty(area) ? '' : `, AUC ${cellText(area)}`;
  const thin = thinned(points);
  const roc = await rocChart({
    id: `roc-${id}`,
    title: label,
    ...SQUARE,
    curves: [
      {
        label: `${input.model}${areaText}`,
        points: thin.map((p) => ({ x: 1 - p.specificity, y: p.sensitivity })),
      },
    ],
    readers: own.filter((one) => one.decisionsOnly).flatMap(readerPoint),
    operatingPoint: operatingPoint(points, input.threshold),
  });
  const precision = await precisionRecallChart({
    id: `pr-${id}`,
    title: label,
    ...SQUARE,
    curves: [
      {
        label: input.model,
        points: thin.filter((p) => p.sensitivity > 0).map((p) => ({ x: p.sensitivity, y: p.precision })),
      },
    ],
    prevalence: judged.performance.positives / judged.performance.rows,
  });
  const bins = judged.performance.bins.map((bin) => ({
    predicted: bin.meanProbability,
    observed: bin.positives / bin.rows,
    count: bin.rows,
    ...(level === 'slice' || isEmpty(bin.observed) ? {} : { low: bin.observed.low, high: bin.observed.high }),
  }));
  const calibration = await calibrationChart({ id: `cal-${id}`, title: label, bins, ...SQUARE });
  const readers = own.some((one) => one.decisionsOnly) ? ' Diamonds: readers.' : '';
  return [
    {
      id: `roc-${id}`,
      part: level,
      caption: `ROC curve, ${label}. Circle: threshold ${input.threshold}.${readers}`,
      svg: roc,
    },
    {
      id: `pr-${id}`,
      part: level,
      caption: `Precision and recall, ${label}. Dotted: prevalence.`,
      svg: precision,
    },
    histogram,
    {
      id: `cal-${id}`,
      part: 'calibration',
      caption: `Reliability, ${label}.${level === 'subject' ? " Wilson's intervals." : ''}`,
      svg: calibration,
    },
  ];
}

async function histogramOf(
  input: FigureInput,
  values: Float64Array,
  positive: Uint8Array,
  id: string,
  label: string,
  level: Level,
): Promise<Figure> {
  const group = (kind: number): number[] => Array.from(values).filter((_, row) => positive[row] === kind);
  const svg = await probabilityHistogram({
    id: `hist-${id}`,
    title: label,
    widthPx: 330,
    groups: [
      { label: 'reference negative', probabilities: group(0) },
      { label: 'reference positive', probabilities: group(1) },
    ],
    operatingPoint: input.threshold,
  });
  return { id: `hist-${id}`, part: level, caption: `Probabilities, ${label}.`, svg };
}

function readerPoint(judged: Judged) {
  const [sensitivity, specificity] = [measureOf(judged, 'sensitivity'), measureOf(judged, 'specificity')];
  if (isEmpty(sensitivity) || isEmpty(specificity)) return [];
  return [{ label: judged.source, x: 1 - specificity.value, y: sensitivity.value }];
}

function operatingPoint(points: readonly ThresholdPoint[], threshold: number) {
  const point = points.findLast((p) => p.threshold >= threshold) as ThresholdPoint;
  return { label: String(threshold), x: 1 - point.specificity, y: point.sensitivity };
}

function thinned(points: readonly ThresholdPoint[]): ThresholdPoint[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, k) => k % step === 0 || k === points.length - 1);
}

async function forestFigures(groups: SubgroupFindings): Promise<Figure[]> {
  const plots = [
    ['forest-sensitivity', 'Sensitivity', groups.sensitivityRows],
    ['forest-auc', 'AUC', groups.aucRows],
  ] as const;
  const drawn = await Promise.all(
    plots
      .filter(([, , rows]) => rows.length > 1)
      .map(async ([id, measure, rows]): Promise<Figure> => {
        const svg = await forestChart({
          id,
          rows,
          measure,
          ...(rows[0] ? { reference: rows[0].estimate } : {}),
        });
        return {
          id,
          part: 'subgroups',
          caption: `${measure} for any hemorrhage in subgroups (studies). Dashed: all.`,
          svg,
        };
      }),
  );
  return drawn;
}
