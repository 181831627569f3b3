/** Predictions and readers over a cohort: tables and figures. */

// Input

export type { ClassName, OpinionRow } from './opinions/opinion-row.ts';
export { asCovariates, CLASS_NAMES, opinionRowSchema } from './opinions/opinion-row.ts';
export type { Level, Opinions, StudyRecord } from './opinions/opinions.ts';
export { OpinionCollector } from './opinions/opinions.ts';
export { opinionsCsv } from './opinions/opinions-csv.ts';
export type { Population } from './opinions/population.ts';
export { inSet, populationOf, valuesOn, wholePopulation } from './opinions/population.ts';
export { readOpinions, readOpinionsFile } from './opinions/read-opinions.ts';
export { TEMPLATE_CSV } from './opinions/template.ts';

// The whole evaluation

export type { Evaluation, Section } from './evaluate.ts';
export { evaluate } from './evaluate.ts';
export type { EvaluationOptions } from './options.ts';
export { DEFAULT_OPTIONS } from './options.ts';
export type { OutputFile } from './report/output-files.ts';
export { outputFiles } from './report/output-files.ts';

// Measures of one source on one population

export { judgeMany } from './measures/judge-many.ts';
export type {
  JudgedRows,
  JudgeOptions,
  JudgeTask,
  Measured,
  MeasureName,
  Performance,
} from './measures/measures.ts';
export { judge } from './measures/performance.ts';
export type { Arrival, ReadingRoom, TriageResult, Waiting } from './measures/triage.ts';
export { describeWaits, drawArrivals, openingOf, simulateTriage, waitsInOrder } from './measures/triage.ts';
export { needsAucWarning, needsRowsWarning } from './measures/warnings.ts';

// A site's own test

export type { Acceptance, Criteria, TestedSystem } from './acceptance/acceptance.ts';
export { acceptanceOf } from './acceptance/acceptance.ts';
export { acceptancePage } from './acceptance/acceptance-page.ts';

// Calibration for a model file

export type { CalibrationOptions, FittedCalibration } from './measures/calibrate.ts';
export { fitCalibration } from './measures/calibrate.ts';

// Tables and pages

export { galleryHtml, tableHtml, tablesPage } from './report/tables-page.ts';
export { agreementTables } from './tables/agreement-tables.ts';
export { demographicsTable } from './tables/cohort-tables.ts';
export { tableLatex } from './tables/latex.ts';
export { modelPairs } from './tables/model-pairs.ts';
export type { Cell, Table } from './tables/table.ts';
export { tableCsv, tableMarkdown } from './tables/table.ts';

// A labelled cohort: what its scans are, and what a model and its readers say of them

export type { CohortFigure } from './cohort/cohort-figures.ts';
export { cohortFigures } from './cohort/cohort-figures.ts';
export { opinionsOfReaders, opinionsOfReference } from './cohort/cohort-opinions.ts';
export type { ScanGroup } from './cohort/distribution-tables.ts';
export { distributionTable, protocolTable } from './cohort/distribution-tables.ts';
export type { CohortJudging, JudgedStudy } from './cohort/judge-cohort.ts';
export { collectOpinions, judgeCohort, opinionRowsOfModel, unlabelledNote } from './cohort/judge-cohort.ts';

// Slices whose heat maps the report shows

export type { ExamplePicture, ExampleSlice } from './figures/examples.ts';
export { EXAMPLE_RULE, exampleSlices } from './figures/examples.ts';
