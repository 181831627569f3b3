import { isEmpty } from '../../statistics/index.ts';
import { FEWEST_FOR_FIGURES, needsRowsWarning } from '../measures/warnings.ts';
import type { Opinions } from '../opinions/opinions.ts';
import type { EvaluationOptions } from '../options.ts';
import { classLabel, type Judged, measureOf } from '../tables/performance-tables.ts';
import { cellText } from '../tables/table.ts';

/** What stands on top of the report and in the terminal: figures that people should not take as they stand. */
export const warningsOf = (
  opinions: Opinions,
  options: EvaluationOptions,
  judged: readonly Judged[],
): string[] => [...trainedOn(opinions, options), ...invertedNotes(judged), ...fewPositives(judged)];

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
      `The AUC of ${one.source} for ${classLabel(one.className).toLowerCase()} at ${one.level} level is ${cellText(area)}, below 0.5: is the probability that of the class?`,
    ];
  });
}

function fewPositives(judged: readonly Judged[]): string[] {
  const clustered = judged.filter(
    ({ performance: { patients, rows, positivePatients, positives } }) =>
      patients < rows && positives > 0 && needsRowsWarning(positivePatients),
  );
  const counts = new Map(
    clustered.map(({ className, level, performance }) => [
      `${classLabel(className).toLowerCase()} at ${level} level`,
      performance.positivePatients,
    ]),
  );
  if (counts.size === 0) return [];
  const named = [...counts].map(([what, count]) => `${what} (${count})`).join(', ');
  const fewest = Math.min(...counts.values());
  const counted =
    fewest < FEWEST_FOR_FIGURES ? ` Below ${FEWEST_FOR_FIGURES} patients rely on the counts alone.` : '';
  return [
    `Few patients have a positive row, and intervals by patient are then too narrow: ${named}.${counted}`,
  ];
}

/** One line: the class, how many, the AUC, sensitivity and specificity of the model, or of each reader without one. */
export function headlines(model: string, judged: readonly Judged[]): string[] {
  const own = judged.filter(({ source, className }) => source === model && className === 'anyHemorrhage');
  const shown = own.filter(({ level }) => level === 'subject');
  const without = judged.filter(
    ({ className, level, decisionsOnly }) =>
      className === 'anyHemorrhage' && level === 'subject' && decisionsOnly,
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
