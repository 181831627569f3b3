// Errors, each with a stable code
export type { ProgressEvent, ProgressListener, Runtime, StudyFile } from './base/index.ts';
export { IchorError, RefusedInput, UsageError } from './base/index.ts';
// Files written whole or not at all
export { writeFilesWhole, writeFileWhole } from './files/index.ts';
// prediction.json
export type { Findings, Prediction } from './prediction/index.ts';
export { predictionJson, predictionSchema } from './prediction/index.ts';
export { createRuntime } from './runtime/index.ts';

// Study -> prediction -> report
export type { ModelOptions, OpenModel, PredictedStudy, StudyOptions } from './service/index.ts';
export { openModel, readStudy } from './service/index.ts';

// What was read

export type { AcceptedStudy, ReadOptions, StudyCheck } from './study/index.ts';
