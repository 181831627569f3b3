// Errors, each with a stable code
export { IchorError, RefusedInput, UsageError } from './base/index.ts';
// Files written whole or not at all
export { writeFilesWhole, writeFileWhole } from './files/index.ts';
// Study -> prediction -> report
export type { ModelOptions, OpenModel, PredictedStudy, StudyOptions } from './library/index.ts';
export { openModel, readStudy } from './library/index.ts';
// prediction.json
export type { Findings, Prediction } from './prediction/index.ts';
export { predictionJson, predictionSchema } from './prediction/index.ts';
// What was read
export type { AcceptedStudy, StudyCheck } from './study/index.ts';
