import { type ProgressListener, RefusedInput } from '../base/index.ts';
import { agreementTables } from './agreement-tables.ts';
import { demographicsTable, flowTable } from './cohort-tables.ts';
import { evaluationFigures, type Figure } from './figures.ts';
import { type JudgeTask, judgeMany } from './judge-many.ts';
import { methodsParagraph } from './methods-text.ts';
import { operatingTables } from './operating-tables.ts';
import { CLASS_NAMES, type ClassName } from './opinion-row.ts';
import type { Level, Opinions } from './opinions.ts';
import type { EvaluationOptions } from './options.ts';
import { judge } from './performance.ts';
import {
  exactTable,
  type Judged,
  measureOf,
  performanceTables,
  prevalenceTable,
} from './performance-tables.ts';
import {
  type Population,
  populationOf,
  readRows,
  type StudyFilter,
  speaksOf,
  valuesOn,
  wholePopulation,
} from './population.ts';
import {
  aloneAndMixed,
  caseLists,
  modelAgainstAllReaders,
  modelAgainstEachReader,
  modelPairs,
  readerMeans,
} from './reader-tables.ts';
import { subgroupFindings } from './subgroups.ts';
import { withSliceMaxima } from './subject.ts';
import type { Cell, Table } from './table.ts';
import { simulateTriage } from './triage.ts';

/** One part of the report. */
export interface Section {
  readonly title: string;
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
}

/** All that an evaluation found. */
export interface Evaluation {
  readonly model: string;
  readonly options: EvaluationOptions;
  readonly sections: readonly Section[];
  readonly methods: string;
  readonly judged: readonly Judged[];
}

/**
 * Evaluates models and readers on the set that the options name: every table and figure.
 * @throws RefusedInput `unknown-set`, `unknown-model`, `missing-row`
 */
export async function evaluate(
  given: Opinions,
  options: EvaluationOptions,
  onProgress: ProgressListener = () => {},
): Promise<Evaluation> {
  const opinions = withSliceMaxima(given);
  const model = mainModel(opinions, options);
  const filter: StudyFilter = (study) => opinions.studies[study]?.set === options.reportOn;
  checkSet(opinions, options.reportOn);
  const judged = await judgeAll(opinions, options, filter, onProgress);
  const cascade = await judgeCascade(opinions, model, options, filter);
  const question = { opinions, model, threshold: options.threshold, filter, confidence: options.confidence };
  const groups = subgroupFindings(opinions, model, options.threshold, filter, options.confidence);
  const figures = await evaluationFigures({
    opinions,
    model,
    judged,
    groups,
    filter,
    threshold: options.threshold,
  });
  const sections: Section[] = [
    {
      title: 'Cohort',
      tables: [flowTable(opinions, options.reportOn), demographicsTable(opinions, filter)],
      figures: [],
    },
    {
      title: 'Performance on subjects',
      tables: [
        ...performanceTables(judged, 'subject'),
        ...exactTable(judged),
        ...foldTable(opinions, model, options, filter),
      ],
      figures: figures.filter((figure) => figure.part === 'subject'),
    },
    {
      title: 'Performance on slices',
      tables: performanceTables(judged, 'slice'),
      figures: figures.filter((figure) => figure.part === 'slice'),
    },
    { title: 'The cascade as users meet it', tables: cascadeTables(cascade), figures: [] },
    {
      title: 'Operating points and calibration',
      tables: [
        ...operatingTables(opinions, model, options),
        ...prevalenceTable(judged, options.prevalences, options.confidence),
      ],
      figures: figures.filter((figure) => figure.part === 'calibration'),
    },
    {
      title: 'Readers and other models',
      tables: [
        ...modelAgainstEachReader(question),
        ...modelAgainstAllReaders(question),
        ...readerMeans(judged),
        ...modelPairs(question),
        ...aloneAndMixed(question),
        ...caseLists(question),
        ...agreementTables(opinions, filter, options.confidence),
      ],
      figures: [],
    },
    {
      title: 'Subgroups',
      tables: [groups.table],
      figures: figures.filter((figure) => figure.part === 'subgroups'),
    },
    { title: 'Triage', tables: triageTable(judged, model, options), figures: [] },
  ];
  const kept = sections.filter((section) => section.tables.length + section.figures.length > 0);
  return {
    model,
    options,
    sections: kept,
    methods: methodsParagraph(opinions, model, options, judged),
    judged,
  };
}

function mainModel(opinions: Opinions, options: EvaluationOptions): string {
  const model = options.model ?? opinions.models[0];
  if (model !== undefined && opinions.models.includes(model)) return model;
  const known = opinions.models.join(', ') || 'none';
  throw new RefusedInput(
    'unknown-model',
    `${model === undefined ? 'No row gives a probability' : `There is no model ${model}`}; models in the input: ${known}.`,
  );
}

function checkSet(opinions: Opinions, set: string): void {
  const sets = [...new Set(opinions.studies.map((study) => study.set))];
  if (sets.includes(set)) return;
  throw new RefusedInput('unknown-set', `No study is in set ${set}; sets in the input: ${sets.join(', ')}.`);
}

async function judgeAll(
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

type Plan = Omit<Judged, 'performance'> & { readonly task: JudgeTask };

function planLevel(
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
async function judgeCascade(
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

function cascadeTables(cascade: readonly Judged[]): Table[] {
  return performanceTables(cascade, 'subject').map((table) => ({
    ...table,
    id: `cascade-${table.id}`,
    title: `Cascade, all subjects: ${table.title.toLowerCase()}`,
    columns: table.columns,
  }));
}

/** The folds' own AUCs beside the pooled one, of a cross-validation. */
function foldTable(
  opinions: Opinions,
  model: string,
  options: EvaluationOptions,
  filter: StudyFilter,
): Table[] {
  const folds = [...new Set(opinions.studies.filter((_, study) => filter(study)).map((study) => study.fold))];
  if (folds.length < 2 || folds.includes(undefined)) return [];
  const plans = CLASS_NAMES.flatMap((className) =>
    (folds as string[]).sort().flatMap((fold) => {
      const inFold: StudyFilter = (study) => filter(study) && opinions.studies[study]?.fold === fold;
      return planLevel(opinions, className, 'subject', { ...options, replicates: 0 }, inFold)
        .filter((plan) => plan.source === model)
        .map((plan) => ({ fold, plan }));
    }),
  );
  const rows = plans.map(({ fold, plan }): Cell[] => {
    const performance = judge(plan.task.rows, plan.task.options);
    const judged: Judged = { ...plan, performance };
    return [plan.className, fold, performance.rows, performance.positives, measureOf(judged, 'auc')];
  });
  return [
    {
      id: 'folds',
      title: "The folds' own AUCs, subject level",
      columns: ['Class', 'Fold', 'Subjects', 'Positive', 'AUC'],
      rows,
      notes: [
        'Scores of different folds come from different models: the pooled AUC, resampled by patient, stands in the table above.',
      ],
    },
  ];
}

function triageTable(judged: readonly Judged[], model: string, options: EvaluationOptions): Table[] {
  const any = judged.find(
    (one) => one.source === model && one.className === 'anyHemorrhage' && one.level === 'subject',
  );
  if (!any) return [];
  const [sensitivity, specificity] = [measureOf(any, 'sensitivity'), measureOf(any, 'specificity')];
  if (!('value' in sensitivity) || !('value' in specificity)) return [];
  const rates = { sensitivity: sensitivity.value, specificity: specificity.value };
  const minutes = (value: number): string => (Number.isNaN(value) ? '\u2013' : value.toFixed(1));
  const rows = options.prevalences.map((prevalence): Cell[] => {
    const found = simulateTriage(options.readingRoom, rates, prevalence, options.seed);
    return [
      `${(100 * prevalence).toFixed(0)}%`,
      minutes(found.inOrder.mean),
      minutes(found.withModel.mean),
      minutes(found.inOrder.ninetieth),
      minutes(found.withModel.ninetieth),
      minutes(found.othersInOrder),
      minutes(found.othersWithModel),
    ];
  });
  const { arrivalsPerHour, readingMinutes, modelMinutes, studies } = options.readingRoom;
  return [
    {
      id: 'triage',
      title: 'Minutes from arrival to the first look, simulated',
      columns: [
        'Prevalence',
        'Hemorrhage, in order: mean',
        'Hemorrhage, flagged first: mean',
        'In order: 90th percentile',
        'Flagged first: 90th percentile',
        'No hemorrhage, in order: mean',
        'No hemorrhage, flagged first: mean',
      ],
      rows,
      notes: [
        `One reader; ${arrivalsPerHour} studies an hour (Poisson), readings of ${readingMinutes} minutes (exponential), ${studies} studies; the model needs ${modelMinutes} minutes and flags with the sensitivity and specificity found here, whatever the bleed.`,
      ],
    },
  ];
}
