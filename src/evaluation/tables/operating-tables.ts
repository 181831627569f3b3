import { recalibrate } from '../../base/index.ts';
import {
  calibrationOf,
  chooseOperatingPoint,
  describeRule,
  fitPlatt,
  fitTemperature,
  impliedThreshold,
  isEmpty,
  rankScores,
} from '../../statistics/index.ts';
import { judgeOn } from '../measures/judging.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { inSet, type Population, populationOf, readRows, valuesOn } from '../opinions/population.ts';
import type { EvaluationOptions } from '../options.ts';
import { classLabel } from './performance-tables.ts';
import { type Cell, type Table, toFourDigits } from './table.ts';

interface Sides {
  readonly chosen: { readonly values: Float64Array; readonly population: Population };
  readonly applied: { readonly values: Float64Array; readonly population: Population };
}

function sidesOf(
  opinions: Opinions,
  model: string,
  className: (typeof CLASS_NAMES)[number],
  options: EvaluationOptions,
): Sides | undefined {
  const side = (set: string) => {
    const all = populationOf(opinions, className, 'subject', inSet(opinions, set));
    const population = readRows(opinions, model, all);
    return { population, values: valuesOn(opinions, model, population) };
  };
  const [chosen, applied] = [side(options.chooseOn), side(options.reportOn)];
  return chosen.values.length === 0 || applied.values.length === 0 ? undefined : { chosen, applied };
}

/** Operating points chosen on one set and applied to another, subject level. */
export function operatingTables(opinions: Opinions, model: string, options: EvaluationOptions): Table[] {
  const rows: Cell[][] = [];
  const calibration: Cell[][] = [];
  for (const className of CLASS_NAMES) {
    const sides = sidesOf(opinions, model, className, options);
    if (!sides) continue;
    const { chosen, applied } = sides;
    for (const rule of options.rules) {
      const point = chooseOperatingPoint(rankScores(chosen.values, chosen.population.positive), rule);
      const head: Cell[] = [classLabel(className), describeRule(rule)];
      if (isEmpty(point)) {
        rows.push([...head, point, '', '', '', '']);
        continue;
      }
      const { measures } = judgeOn(opinions, model, applied.population, options, point.threshold);
      const { sensitivity, specificity } = point.chosenOn;
      rows.push([
        ...head,
        toFourDigits(point.threshold),
        { exact: sensitivity, shown: sensitivity.toFixed(2) },
        { exact: specificity, shown: specificity.toFixed(2) },
        measures.sensitivity ?? '',
        measures.specificity ?? '',
      ]);
    }
    calibration.push(...recalibrationRows(classLabel(className), sides, options.confidence));
  }
  if (rows.length === 0) return [];
  const same = options.chooseOn === options.reportOn;
  const warning = same
    ? ['Chosen and reported on the same set: these figures are optimistic.']
    : [`Chosen on set ${options.chooseOn}, applied unchanged to set ${options.reportOn}.`];
  return [
    {
      id: 'operating-points',
      title: 'Operating points',
      columns: [
        'Class',
        'Rule',
        'Threshold',
        `Sensitivity on ${options.chooseOn}`,
        `Specificity on ${options.chooseOn}`,
        `Sensitivity on ${options.reportOn}`,
        `Specificity on ${options.reportOn}`,
      ],
      rows,
      notes: warning,
    },
    {
      id: 'recalibration',
      title: 'Recalibration, fitted on one set and applied to the other',
      columns: [
        'Class',
        'Map',
        'Slope',
        'Intercept',
        'Plain probability at which it reaches 0.5',
        'Calibration slope before',
        'Calibration slope after',
      ],
      rows: calibration,
      notes: warning,
    },
  ];
}

function recalibrationRows(label: string, { chosen, applied }: Sides, confidence: number): Cell[][] {
  const { positive, patients, patientCount } = applied.population;
  const by = patientCount < positive.length ? patients : undefined;
  const slope = (probabilities: Float64Array) => calibrationOf(probabilities, positive, confidence, by).slope;
  const before = slope(applied.values);
  const fits = [
    ['temperature', fitTemperature(chosen.values, chosen.population.positive)],
    ['Platt', fitPlatt(chosen.values, chosen.population.positive)],
  ] as const;
  return fits.map(([name, fit]): Cell[] => {
    if (isEmpty(fit)) return [label, name, fit, '', '', before, ''];
    const after = slope(applied.values.map((p) => recalibrate(fit, p)));
    return [
      label,
      name,
      toFourDigits(fit.slope),
      toFourDigits(fit.intercept),
      toFourDigits(impliedThreshold(fit)),
      before,
      after,
    ];
  });
}
