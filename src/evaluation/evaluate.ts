import { type ProgressListener, RefusedInput } from '../base/index.ts';
import { agreementTables } from './agreement-tables.ts';
import { aloneAndMixed, caseLists } from './case-tables.ts';
import { demographicsTable, flowTable } from './cohort-tables.ts';
import { evaluationFigures, type Figure } from './figures.ts';
import { judgeAll, judgeCascade, planLevel } from './judging.ts';
import { methodsParagraph } from './methods-text.ts';
import { operatingTables } from './operating-tables.ts';
import { CLASS_NAMES } from './opinion-row.ts';
import type { Opinions } from './opinions.ts';
import type { EvaluationOptions } from './options.ts';
import { judge } from './performance.ts';
import {
  classLabel,
  exactTable,
  type Judged,
  measureOf,
  performanceTables,
  prevalenceTable,
} from './performance-tables.ts';
import type { StudyFilter } from './population.ts';
import { modelAgainstAllReaders, modelAgainstEachReader, modelPairs, readerMeans } from './reader-tables.ts';
import { subgroupFindings } from './subgroups.ts';
import { withSliceMaxima } from './subject.ts';
import type { Cell, Table } from './table.ts';
import { triageTable } from './triage-table.ts';

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
    return [
      classLabel(plan.className),
      fold,
      performance.rows,
      performance.positives,
      measureOf(judged, 'auc'),
    ];
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
