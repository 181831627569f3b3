/** Predictions and readers over a cohort: tables and figures. */
// Calibration for a model file

// Tables of a cohort
export { agreementTables } from './agreement-tables.ts';
export type { CalibrationOptions, FittedCalibration } from './calibrate.ts';
export { fitCalibration } from './calibrate.ts';
export { demographicsTable } from './cohort-tables.ts';
// Input

// The whole evaluation
export type { Evaluation, Section } from './evaluate.ts';
export { evaluate } from './evaluate.ts';
// Slices whose heat maps the report shows
export type { ExamplePicture, ExampleSlice } from './examples.ts';
export { EXAMPLE_RULE, exampleSlices } from './examples.ts';
// Pages
export { htmlPage, tableHtml } from './html-page.ts';
// Measures of one source on one population
export type { JudgeTask } from './judge-many.ts';
export { judgeMany } from './judge-many.ts';
export type { JudgedRows, JudgeOptions, Measured, MeasureName, Performance } from './measures.ts';
export type { ClassName, OpinionRow } from './opinion-row.ts';
export { asCovariates, CLASS_NAMES, opinionRowSchema } from './opinion-row.ts';
export type { Level, Opinions, StudyRecord } from './opinions.ts';
export { OpinionCollector } from './opinions.ts';
export { opinionsCsv } from './opinions-csv.ts';
export type { EvaluationOptions } from './options.ts';
export { DEFAULT_OPTIONS } from './options.ts';
export type { OutputFile } from './output-files.ts';
export { outputFiles } from './output-files.ts';
export { judge } from './performance.ts';
export type { Population } from './population.ts';
export { populationOf, valuesOn, wholePopulation } from './population.ts';
export { readOpinions, readOpinionsFile } from './read-opinions.ts';
export type { Cell, Table } from './table.ts';
export { tableCsv, tableLatex, tableMarkdown } from './table.ts';
export type { ReadingRoom, TriageResult } from './triage.ts';
export { simulateTriage } from './triage.ts';
