import { type ProgressListener, RefusedInput } from '../base/index.ts';
import type { Figure } from './figures/figure.ts';
import { evaluationFigures } from './figures/figures.ts';
import { judgeAll } from './measures/judging.ts';
import { rsnaNotes } from './measures/rsna-loss.ts';
import { type Opinions, refuseUnknownSet } from './opinions/opinions.ts';
import { inSet } from './opinions/population.ts';
import { ratingSources } from './opinions/rating-sources.ts';
import { sliceMaximum, withSliceMaxima } from './opinions/subject.ts';
import { DEFAULT_OPTIONS, type EvaluationOptions, NO_MODEL } from './options.ts';
import { methodsParagraph } from './report/methods-text.ts';
import { headlines, warningsOf } from './report/warnings.ts';
import { agreementTables } from './tables/agreement-tables.ts';
import { aidTables } from './tables/aid-tables.ts';
import { modelAgainstAllReaders } from './tables/all-readers-table.ts';
import { cascadeTables } from './tables/cascade.ts';
import { aloneAndMixed, caseLists } from './tables/case-tables.ts';
import { demographicsTable, flowTable } from './tables/cohort-tables.ts';
import { modelAgainstEachReader } from './tables/each-reader-table.ts';
import { foldTable } from './tables/fold-table.ts';
import { modelPairs } from './tables/model-pairs.ts';
import { operatingTables } from './tables/operating-tables.ts';
import { exactTable, type Judged, performanceTables, prevalenceTable } from './tables/performance-tables.ts';
import { readerMeans } from './tables/reader-tables.ts';
import { subgroupFindings } from './tables/subgroups.ts';
import type { Table } from './tables/table.ts';
import { triageTable } from './tables/triage-table.ts';

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
  /** What stands on top of the report and in the terminal. */
  readonly warnings: readonly string[];
  /** What was found, in a line. */
  readonly headlines: readonly string[];
}

const NO_LABELS =
  'no study of the set has a reference for anyHemorrhage: subtypes are judged on those that have a hemorrhage';

/**
 * Evaluates models and readers on the set that the options name: every table and figure.
 * @throws RefusedInput `unknown-set`, `unknown-model`, `unknown-reader`, `missing-row`, `no-hemorrhage-labels`
 */
export async function evaluate(
  given: Opinions,
  options: EvaluationOptions,
  onProgress: ProgressListener = () => {},
): Promise<Evaluation> {
  const opinions = withSliceMaxima(withReaders(given, options.readers));
  const model = mainModel(opinions, options);
  const filter = inSet(opinions, options.reportOn);
  refuseUnknownSet(opinions, options.reportOn);
  // The usual name may be absent; another one was meant
  if (options.chooseOn !== DEFAULT_OPTIONS.chooseOn) refuseUnknownSet(opinions, options.chooseOn);
  if (!opinions.bleeding.some((bleeding, study) => bleeding !== -1 && filter(study)))
    throw new RefusedInput('no-hemorrhage-labels', NO_LABELS);
  const judged = await judgeAll(opinions, options, filter, onProgress);
  const cascade = model === NO_MODEL ? [] : await cascadeTables(opinions, model, options, filter);
  const question = { opinions, model, filter, ...options };
  const groups = subgroupFindings(opinions, model, options, filter);
  const { threshold } = options;
  const figures = await evaluationFigures({ opinions, model, judged, groups, threshold });
  const sections: Section[] = [
    {
      title: 'Cohort',
      tables: [flowTable(opinions, options), demographicsTable(opinions, filter, options.categorical)],
      figures: [],
    },
    {
      title: 'Performance on subjects',
      tables: [
        ...performanceTables(judged, 'subject'),
        ...exactTable(judged),
        ...foldTable(opinions, model, options, filter, judged),
      ],
      figures: figures.filter((figure) => figure.part === 'subject'),
    },
    {
      title: 'Performance on slices',
      tables: performanceTables(judged, 'slice', rsnaNotes(opinions, filter)),
      figures: figures.filter((figure) => figure.part === 'slice'),
    },
    { title: 'The cascade as users meet it', tables: cascade, figures: [] },
    {
      title: 'Operating points and calibration',
      tables: [...operatingTables(opinions, model, options), ...prevalenceTable(judged)],
      figures: figures.filter((figure) => figure.part === 'calibration'),
    },
    {
      title: 'Readers and other models',
      tables: [
        ...modelAgainstEachReader(question),
        ...modelAgainstAllReaders(question),
        ...readerMeans(judged),
        ...modelPairs(question),
        ...(model === NO_MODEL ? [] : aloneAndMixed(question)),
        ...caseLists(question),
        ...agreementTables(opinions, filter, options.confidence),
      ],
      figures: [],
    },
    { title: 'Readers with and without help', tables: aidTables(question), figures: [] },
    {
      title: 'Subgroups',
      tables: groups.table.rows.length === 0 ? [] : [groups.table],
      figures: figures.filter((figure) => figure.part === 'subgroups'),
    },
    { title: 'Triage', tables: triageTable(judged, model, options), figures: [] },
  ];
  const kept = sections.filter((section) => section.tables.length + section.figures.length > 0);
  const tables = new Set(kept.flatMap((section) => section.tables.map((table) => table.id)));
  return {
    model,
    options,
    sections: kept,
    methods: methodsParagraph(opinions, model, options, judged, tables),
    judged,
    warnings: warningsOf(opinions, options, judged),
    headlines: headlines(model, judged),
  };
}

function mainModel(opinions: Opinions, options: EvaluationOptions): string {
  // a reader who rates and reads with help too is no model
  const helped = new Set(opinions.aided.map(({ reader }) => reader));
  const models = opinions.models.filter((name) => !helped.has(name));
  if (options.model === undefined && models.length === 0 && opinions.readers.length + helped.size > 0)
    return NO_MODEL;
  const ratings = ratingSources(opinions);
  const model = options.model ?? models.find((name) => !ratings.includes(name)) ?? models[0];
  if (model !== undefined && opinions.models.includes(model)) return sliceMaximum(opinions, model) ?? model;
  const known = opinions.models.join(', ') || 'none';
  throw new RefusedInput(
    'unknown-model',
    `${model === undefined ? 'no row gives a probability' : `there is no model ${model}`}; models in the input: ${known}`,
  );
}

function withReaders(opinions: Opinions, names: readonly string[] | undefined): Opinions {
  if (names === undefined) return opinions;
  const unknown = names.find((name) => !opinions.readers.includes(name));
  const aided = opinions.aided.filter(({ reader }) => names.includes(reader));
  if (unknown === undefined) return { ...opinions, readers: names, aided };
  const known = opinions.readers.join(', ') || 'none';
  throw new RefusedInput('unknown-reader', `there is no reader ${unknown}; readers in the input: ${known}`);
}
