/**
 * The paper's whole study on any labelled cohort: every network under every training setting, and the tables that
 * compare them.
 */

// The trainings of the study

export { claimExperiment } from './identity.ts';
export type { ExperimentJob } from './jobs.ts';
export { experimentJobs } from './jobs.ts';
export type { ExperimentQueue, QueuedExperimentJob } from './run-experiment.ts';
export { runExperiment, workOnExperiment, writeExperiment } from './run-experiment.ts';
export type { ExperimentSetting, JobContext } from './run-job.ts';
export { runJob } from './run-job.ts';

// What each of them gives

export type { JobResult } from './job-result.ts';
export { readJobResult } from './job-result.ts';

// The paper's own tables

export { PAPER_TABLES, type PaperRow } from './paper-tables.ts';
