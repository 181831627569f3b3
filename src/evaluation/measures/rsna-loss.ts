import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import { isEmpty, logLossTerms, meanOfTerms, weightedLogLoss } from '../../statistics/index.ts';
import { CLASS_NAMES } from '../opinions/opinion-row.ts';
import type { Opinions } from '../opinions/opinions.ts';
import { readRows, type StudyFilter, speaksOf, valuesOn, wholePopulation } from '../opinions/population.ts';

const WEIGHTS = Object.fromEntries(
  HEMORRHAGE_CLASSES.map(({ name }) => [name, name === 'anyHemorrhage' ? 2 : 1]),
);

/**
 * Each model's log loss over all slices and all six classes, any hemorrhage weighed twice (RSNA 2019), as a note; or why
 * there is none: the challenge's figure is of all slices, not of those of subjects with hemorrhage.
 */
export function rsnaNotes(opinions: Opinions, filter: StudyFilter): string[] {
  return opinions.models.flatMap((model): string[] => {
    const populations = CLASS_NAMES.map((name) => wholePopulation(opinions, name, 'slice', filter));
    if (!populations.some((population) => speaksOf(opinions, model, population))) return [];
    const read = populations.map((population) => readRows(opinions, model, population));
    const slices = read.map(({ units }) => units.length);
    const most = Math.max(...populations.map(({ units }) => units.length));
    if (slices.some((count) => count < most)) {
      return [
        `${model}: no log loss as RSNA 2019 weighs it, which needs all six classes on all ${most} slices.`,
      ];
    }
    const losses = Object.fromEntries(
      read.map((population) => {
        const mean = meanOfTerms(logLossTerms(valuesOn(opinions, model, population), population.positive));
        return [population.className, isEmpty(mean) ? Number.NaN : mean.value];
      }),
    );
    const loss = weightedLogLoss(losses, WEIGHTS).toFixed(4);
    return [
      `${model}: log loss ${loss} over all ${most} slices and six classes, any hemorrhage weighed twice (RSNA 2019).`,
    ];
  });
}
