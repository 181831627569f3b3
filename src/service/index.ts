/**
 * What programs use: studies from files, a model, predictions, reports; one study or many.
 *
 *     await using model = await openModel();
 *     for await (const outcome of predictStudies('inbox', { model })) console.log(outcome.kind);
 */

// Many studies, each an outcome

export type {
  FailedOutcome,
  NotPredicted,
  PredictedOutcome,
  PredictOutcome,
  ReadOutcome,
  RefusedOutcome,
  StudySource,
} from './outcomes/outcome.ts';
export type { PredictStudiesOptions } from './outcomes/predict-studies.ts';
export { predictStudies } from './outcomes/predict-studies.ts';
export { readStudies, readStudy } from './outcomes/read-studies.ts';

// A model that is open

export type { ModelOptions, ObjectOptions, OpenModel, PredictedStudy, StudyOptions } from './open-model.ts';
export { openModel } from './open-model.ts';

// Many studies into one folder

export type { PredictInputsOptions, RunStep, SkippedStep } from './run/predict-inputs.ts';
export { predictInputs } from './run/predict-inputs.ts';
export type { WrittenStep } from './run/write-outcome.ts';

// The folder of one study

export type { StudyFiles, StudyFilesOptions } from './folder/study-files.ts';
export { RESULT_FILES, refusalFiles, studyFiles } from './folder/study-files.ts';
export { studyKeyOf } from './folder/study-places.ts';
export type { NotPredictedRecord, StudyOrigin, StudyRecord } from './folder/study-record.ts';
export { notPredictedRecord, predictedRecord, recordSchema } from './folder/study-record.ts';
export { writeStudyFolder } from './folder/write-study-folder.ts';
export { earlierReportIn } from './run/write-outcome.ts';

// Pictures for an evaluation

export { drawExamples } from './example-pictures.ts';

// The program and the machine

export { peakMemoryBytes } from './peak-memory.ts';
export { DEFAULT_MODEL_PATH, softwareVersion } from './software.ts';
