import { at, type ProgressListener } from '../../base/index.ts';
import { CLASS_NAMES, type ClassName } from '../opinions/opinion-row.ts';
import type { Level, Opinions } from '../opinions/opinions.ts';
import {
  type Population,
  populationOf,
  readRows,
  type StudyFilter,
  speaksOf,
  valuesOn,
} from '../opinions/population.ts';
import type { EvaluationOptions } from '../options.ts';
import type { Judged } from '../tables/performance-tables.ts';
import { judgeMany } from './judge-many.ts';
import type { JudgeTask, Performance } from './measures.ts';
import { judge } from './performance.ts';

/** Every source on every class and level that it speaks of. */
export async function judgeAll(
  opinions: Opinions,
  options: EvaluationOptions,
  filter: StudyFilter,
  onProgress: ProgressListener,
): Promise<Judged[]> {
  const plans = CLASS_NAMES.flatMap((className) =>
    (['subject', 'slice'] as const).flatMap((level) =>
      planLevel(opinions, className, level, options, filter),
    ),
  );
  const performances = await judgeMany(
    plans.map((plan) => plan.task),
    undefined,
    (done) => onProgress({ task: 'judging', done, total: plans.length }),
  );
  return plans.map(({ task: { rows }, ...head }, k) => ({
    ...head,
    rows,
    performance: at(performances, k),
  }));
}

/** What a source is judged on, before it is. */
export type Plan = Omit<Judged, 'rows' | 'performance'> & { readonly task: JudgeTask };

/** The tasks of one class and level. */
function planLevel(
  opinions: Opinions,
  className: ClassName,
  level: Level,
  options: EvaluationOptions,
  filter: StudyFilter,
): Plan[] {
  const population = populationOf(opinions, className, level, filter);
  return sourcesOf(opinions).flatMap(({ source, decisionsOnly, isReader, aid }): Plan[] => {
    if (!speaksOf(opinions, source, population)) return [];
    // a reader is judged on what was read; a model has to speak of every row
    const own = isReader ? readRows(opinions, source, population) : population;
    const task = taskOf(own, valuesOn(opinions, source, own), options, decisionsOnly);
    const called = decisionsOnly ? {} : { calledFrom: options.threshold };
    return [
      {
        source,
        className,
        level,
        population: population.description,
        decisionsOnly,
        ...aid,
        ...called,
        task,
      },
    ];
  });
}

/** Models, readers, and readers with help; those who give ratings with help are no models without it. */
function sourcesOf({ models, readers, aided }: Opinions) {
  const helped = new Set(aided.map(({ reader }) => reader));
  return [
    ...models.map((source) => ({ source, decisionsOnly: false, isReader: helped.has(source), aid: {} })),
    ...readers.map((source) => ({ source, decisionsOnly: true, isReader: true, aid: {} })),
    ...aided.map(({ source, decisionsOnly, aid }) => ({
      source,
      decisionsOnly,
      isReader: true,
      aid: { aid },
    })),
  ];
}

/** False positive rates of a ROC band: dense where curves are steep. */
const BAND_RATES: readonly number[] = Array.from({ length: 41 }, (_, k) => (k / 40) ** 2);

/** A source on a population of some of the rows, at a threshold of its own where one is given. */
export function judgeOn(
  opinions: Opinions,
  source: string,
  population: Population,
  options: EvaluationOptions,
  threshold = options.threshold,
): Performance {
  const { values, positive, patients, patientCount } = {
    ...population,
    values: valuesOn(opinions, source, population),
  };
  const { confidence, seed } = options;
  // where each patient has one row the rates' and the AUC's intervals need no resampling
  const replicates = patientCount === values.length ? 0 : options.replicates;
  return judge({ values, positive, patients, patientCount }, { threshold, confidence, replicates, seed });
}

/** A source's values on a population as a task. */
export function taskOf(
  population: Population,
  values: Float64Array,
  options: EvaluationOptions,
  decisionsOnly: boolean,
): JudgeTask {
  const { positive, patients, patientCount } = population;
  const { confidence, replicates, seed } = options;
  const threshold = decisionsOnly ? 0.5 : options.threshold;
  const ofModels = decisionsOnly ? {} : { bandRates: BAND_RATES, prevalences: options.prevalences };
  return {
    rows: { values, positive, patients, patientCount },
    options: { threshold, confidence, replicates, seed, decisionsOnly, ...ofModels },
  };
}
