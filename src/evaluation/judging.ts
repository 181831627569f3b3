import type { ProgressListener } from '../base/index.ts';
import { type JudgeTask, judgeMany } from './judge-many.ts';
import { CLASS_NAMES, type ClassName } from './opinion-row.ts';
import type { Level, Opinions } from './opinions.ts';
import type { EvaluationOptions } from './options.ts';
import type { Judged } from './performance-tables.ts';
import {
  type Population,
  populationOf,
  readRows,
  type StudyFilter,
  speaksOf,
  valuesOn,
  wholePopulation,
} from './population.ts';

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
  return plans.map(({ task: _, ...head }, k) => ({
    ...head,
    performance: performances[k] as Judged['performance'],
  }));
}

/** What a source is judged on, before it is. */
type Plan = Omit<Judged, 'performance'> & { readonly task: JudgeTask };

/** The tasks of one class and level. */
export function planLevel(
  opinions: Opinions,
  className: ClassName,
  level: Level,
  options: EvaluationOptions,
  filter: StudyFilter,
): Plan[] {
  const population = populationOf(opinions, className, level, filter);
  return [...opinions.models, ...opinions.readers].flatMap((source): Plan[] => {
    if (!speaksOf(opinions, source, population)) return [];
    const decisionsOnly = opinions.readers.includes(source);
    // a reader is judged on what was read; a model has to speak of every row
    const own = decisionsOnly ? readRows(opinions, source, population) : population;
    const task = taskOf(own, valuesOn(opinions, source, own), options, decisionsOnly);
    return [{ source, className, level, population: population.description, decisionsOnly, task }];
  });
}

function taskOf(
  population: Population,
  values: Float64Array,
  options: EvaluationOptions,
  decisionsOnly: boolean,
): JudgeTask {
  const { positive, patients, patientCount } = population;
  const { threshold, confidence, replicates, seed } = options;
  return {
    rows: { values, positive, patients, patientCount },
    options: { threshold: decisionsOnly ? 0.5 : threshold, confidence, replicates, seed, decisionsOnly },
  };
}

/** Subtypes on all subjects: positive only where any hemorrhage is called first (paper, Fig. 1). */
export async function judgeCascade(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  filter: StudyFilter,
): Promise<Judged[]> {
  const any = opinions.opinion(model, 'anyHemorrhage');
  if (any === undefined) return [];
  const plans = CLASS_NAMES.filter((name) => name !== 'anyHemorrhage').flatMap((className): Plan[] => {
    const subtype = opinions.opinion(model, className);
    const population = wholePopulation(opinions, className, 'subject', filter);
    if (subtype === undefined || population.units.length === 0) return [];
    const gated = Float64Array.from(population.units, (unit) => {
      const open = (any[unit] as number) >= options.threshold;
      if (open && Number.isNaN(subtype[unit])) return Number.NaN;
      return open && (subtype[unit] as number) >= options.threshold ? 1 : 0;
    });
    // without the subtype's probability on every called subject there is no cascade to judge
    if (gated.some(Number.isNaN) || population.units.some((unit) => Number.isNaN(any[unit]))) return [];
    const task = taskOf(population, gated, options, true);
    return [
      {
        source: `${model}, cascade`,
        className,
        level: 'subject',
        population: 'all subjects',
        decisionsOnly: true,
        task,
      },
    ];
  });
  const performances = await judgeMany(plans.map((plan) => plan.task));
  return plans.map(({ task: _, ...head }, k) => ({
    ...head,
    performance: performances[k] as Judged['performance'],
  }));
}
