import { calibrationChart, forestChart, probabilityHistogram } from '../../figures/index.ts';
import { isEmpty } from '../../statistics/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level } from '../opinions/opinions.ts';
import { speakerAt } from '../opinions/subject.ts';
import { classLabel, type Judged } from '../tables/performance-tables.ts';
import type { SubgroupFindings } from '../tables/subgroups.ts';
import { curveFigures, curvePoints, subtypeFigure } from './curve-figures.ts';
import type { Figure, FigureInput, LevelInput } from './figure.ts';

/** Three charts of a class fit beside each other. */
const SQUARE = { widthPx: 250, heightPx: 250 } as const;

/** All charts, one class and level after the other: a curve of 900,000 slices is large until it is thinned. */
export async function evaluationFigures(input: FigureInput): Promise<Figure[]> {
  const figures: Figure[] = [];
  const points = curvePoints(input.judged);
  for (const level of ['subject', 'slice'] as const) {
    const own = { ...input, points, model: speakerAt(input.opinions, input.model, level) };
    for (const className of CLASS_NAMES) figures.push(...(await classFigures(own, className, level)));
    figures.push(...(await subtypeFigure(own, level)));
  }
  return [...figures, ...(await forestFigures(input.groups))];
}

async function classFigures(input: LevelInput, className: ClassName, level: Level): Promise<Figure[]> {
  const judged = input.judged.find(
    (one) => one.className === className && one.level === level && one.source === input.model,
  );
  if (!judged) return [];
  const label = `${classLabel(className)}, ${level} level`;
  const id = `${level}-${className}`;
  const curves = await curveFigures(input, className, level);
  const histogram = await histogramOf(input, judged, id, label);
  if (curves.length === 0) return [histogram];
  const independent = judged.performance.patients === judged.performance.rows;
  const bins = judged.performance.bins.map(({ meanProbability, positives, rows, observed }) => ({
    predicted: meanProbability,
    observed: positives / rows,
    count: rows,
    ...(independent && !isEmpty(observed) ? { low: observed.low, high: observed.high } : {}),
  }));
  const intervals = independent ? "Wilson's intervals" : 'no intervals: patients have several rows';
  return [
    ...curves,
    histogram,
    {
      id: `cal-${id}`,
      part: 'calibration',
      caption: `Reliability, ${label}; ${intervals}. Area of a dot: rows in its bin.`,
      svg: await calibrationChart({ id: `cal-${id}`, title: label, bins, ...SQUARE }),
    },
  ];
}

async function histogramOf(
  input: FigureInput,
  { rows: { values, positive }, level }: Judged,
  id: string,
  label: string,
): Promise<Figure> {
  const group = (kind: 0 | 1): Float64Array => {
    const found = new Float64Array(values.length);
    let count = 0;
    for (const [row, value] of values.entries()) if (positive[row] === kind) found[count++] = value;
    return found.subarray(0, count);
  };
  const svg = await probabilityHistogram({
    id: `hist-${id}`,
    title: label,
    widthPx: 280,
    groups: [
      { label: 'reference negative', probabilities: group(0) },
      { label: 'reference positive', probabilities: group(1) },
    ],
    operatingPoint: input.threshold,
  });
  return { id: `hist-${id}`, part: level, caption: `Probabilities, ${label}.`, svg };
}

async function forestFigures(groups: SubgroupFindings): Promise<Figure[]> {
  const plots = [
    ['forest-sensitivity', 'Sensitivity', 'studies with hemorrhage', groups.sensitivityRows],
    ['forest-auc', 'AUC', 'studies', groups.aucRows],
  ] as const;
  const drawn = await Promise.all(
    plots
      .filter(([, , , rows]) => rows.length > 1)
      .map(async ([id, measure, counted, rows]): Promise<Figure> => {
        const svg = await forestChart({
          id,
          rows,
          measure,
          ...(rows[0] ? { reference: rows[0].estimate } : {}),
        });
        return {
          id,
          part: 'subgroups',
          caption: `${measure} for any hemorrhage in subgroups (in brackets: ${counted}). Dashed: all. Subgroups without an interval are in the table only.`,
          svg,
        };
      }),
  );
  return drawn;
}
