import { isEmpty } from '../../statistics/index.ts';
import {
  FEWEST_FOR_FIGURES,
  needsAucWarning,
  needsRowsWarning,
  rarerPatients,
} from '../measures/warnings.ts';
import type { Opinions } from '../opinions/opinions.ts';
import type { EvaluationOptions } from '../options.ts';
import { classLabel, type Judged, measureOf } from '../tables/performance-tables.ts';
import { cellText } from '../tables/table.ts';

/** What stands on top of the report and in the terminal: figures that people should not take as they stand. */
export const warningsOf = (
  opinions: Opinions,
  options: EvaluationOptions,
  judged: readonly Judged[],
): string[] => [
  ...trainedOn(opinions, options),
  ...invertedNotes(judged),
  ...fewPatients(judged),
  ...nearOne(judged),
];

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Models whose card names a data set that studies here come from. */
function trainedOn({ studies }: Opinions, { madeWith = {} }: EvaluationOptions): string[] {
  const sources = [...new Set(studies.map(({ covariates }) => covariates.source ?? ''))].filter(
    (source) => source !== '',
  );
  return Object.entries(madeWith).flatMap(([model, data]) => {
    const told = plain(data.join(' '));
    const shared = sources.filter((source) => told.includes(plain(source.replace(/[\s@]+v?[\d.]+$/, ''))));
    return shared.map(
      (source) =>
        `${model} names ${source} among the data that it was made with: unless these patients were held out, the figures are too good.`,
    );
  });
}

function invertedNotes(judged: readonly Judged[]): string[] {
  return judged.flatMap((one) => {
    const area = measureOf(one, 'auc');
    // an AUC without an interval is told of too
    if (isEmpty(area) || area.value >= 0.5 || area.high >= 0.5) return [];
    return [
      `The AUC of ${one.source} for ${placeOf(one)} is ${cellText(area)}, below 0.5: is the probability that of the class?`,
    ];
  });
}

/** What rests on resampled patients where each has one row, and where they share rows. */
const FEW_TEXTS = {
  alone:
    'Few patients are positive, or negative, and the intervals of average precision, Brier score and log loss are then too narrow',
  shared: 'Few patients have a positive row, or a negative one, and intervals by patient are then too narrow',
} as const;

function fewPatients(judged: readonly Judged[]): string[] {
  const few = judged.filter(({ performance }) => needsRowsWarning(performance));
  const isShared = ({ performance: { patients, rows } }: Judged): boolean => patients < rows;
  return [
    ...fewText(
      'alone',
      few.filter((one) => !isShared(one) && !one.decisionsOnly),
    ),
    ...fewText('shared', few.filter(isShared)),
  ];
}

function fewText(kind: keyof typeof FEW_TEXTS, few: readonly Judged[]): string[] {
  if (few.length === 0) return [];
  const counts = new Map(few.map((one) => [placeOf(one), rarerPatients(one.performance)]));
  const named = [...counts].map(([what, count]) => `${what} (${count})`).join(', ');
  const isTiny = Math.min(...counts.values()) < FEWEST_FOR_FIGURES;
  const counted = isTiny ? ` Below ${FEWEST_FOR_FIGURES} patients rely on the counts alone.` : '';
  return [`${FEW_TEXTS[kind]}: ${named}.${counted}`];
}

const placeOf = ({ className, level }: Judged): string =>
  `${classLabel(className).toLowerCase()} at ${level} level`;

/** AUCs of which so few rows are out of order that they say little of how much it varies. */
function nearOne(judged: readonly Judged[]): string[] {
  const near = judged.filter((one) => {
    const area = measureOf(one, 'auc');
    // without an interval it is not too narrow
    return !isEmpty(area) && Number.isFinite(area.low) && needsAucWarning(one.performance, area.value);
  });
  if (near.length === 0) return [];
  const named = near.map((one) => `${one.source}, ${placeOf(one)}`).join('; ');
  return [`So near to 1 the interval of an AUC may be too narrow: ${named}.`];
}

/** One line: the class, how many, the AUC, sensitivity and specificity of the model, or of each reader without one. */
export function headlines(model: string, judged: readonly Judged[]): string[] {
  const own = judged.filter(({ source, className }) => source === model && className === 'anyHemorrhage');
  const shown = own.filter(({ level }) => level === 'subject');
  const without = judged.filter(
    ({ className, level }) => className === 'anyHemorrhage' && level === 'subject',
  );
  const lines = model === '' ? without : shown.length > 0 ? shown : own;
  return lines.map((one) => {
    const { rows, positives, threshold } = one.performance;
    const rates = (['sensitivity', 'specificity'] as const).map(
      (name) => `${name} ${cellText(measureOf(one, name))}`,
    );
    const area = one.decisionsOnly ? [] : [`AUC ${cellText(measureOf(one, 'auc'))}`];
    const at = one.decisionsOnly ? '' : ` at ${threshold}`;
    return `${one.source}, ${classLabel(one.className).toLowerCase()}, ${one.level}s: ${positives} of ${rows} positive, ${[...area, ...rates].join(', ')}${at}`;
  });
}
