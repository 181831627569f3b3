/**
 * Head CT in, findings out. docs/library.md tells how, with an example of many studies.
 *
 * @example
 * await using model = await openModel();
 * const { prediction } = await model.predict(await readStudy('head-ct'));
 */

// A model that is open

export type { ModelCard } from './network/index.ts';
export { modelCardSchema } from './network/index.ts';
export type {
  ModelOptions,
  ObjectOptions,
  OpenModel,
  PredictedStudy,
  StudyOptions,
} from './service/index.ts';
export { openModel } from './service/index.ts';

// One study or many: what became of each

export type {
  FailedOutcome,
  NotPredicted,
  PredictedOutcome,
  PredictOutcome,
  PredictStudiesOptions,
  ReadOutcome,
  RefusedOutcome,
  StudySource,
} from './service/index.ts';
export { predictStudies, readStudies, readStudy } from './service/index.ts';

// Folders: of one study, and of all studies of a run

export type {
  NotPredictedRecord,
  PredictInputsOptions,
  RunStep,
  SkippedStep,
  StudyFiles,
  StudyFilesOptions,
  StudyOrigin,
  StudyRecord,
  WrittenStep,
} from './service/index.ts';
export {
  notPredictedRecord,
  predictedRecord,
  predictInputs,
  recordSchema,
  studyFiles,
  studyKeyOf,
  writeStudyFolder,
} from './service/index.ts';

// What was read

export type { StudyFile } from './base/index.ts';
export { studyFileOf } from './base/index.ts';
export type {
  Codec,
  DecodedSyntax,
  EncodedValue,
  FrameToDecode,
  HuFrame,
  PixelModule,
  PlainValue,
  Rescale,
  WritableAttributes,
  WritableValue,
} from './dicom/index.ts';
export type {
  AcceptedStudy,
  FrameDecoders,
  OpenDecoders,
  PatientIdentity,
  ReadOptions,
  RefusedStudy,
  SeriesInfo,
  Severity,
  SliceInfo,
  SourceModules,
  StudyCheck,
  StudyInfo,
} from './study/index.ts';
export type { Vector3, Volume, VolumeGeometry } from './volume/index.ts';

// What was found

export type { HemorrhageName, HemorrhageSubtypeName } from './base/index.ts';
export type { ClassProbabilities, Findings, Prediction, SliceFrame, Unlikeness } from './prediction/index.ts';
export { predictionJson, predictionSchema } from './prediction/index.ts';
export type { BatchFinding, BatchRow, FoundCheck } from './report/index.ts';
export type { NotAnalysed, RefusedObject, ResultObjects } from './results/index.ts';

// A runtime that several models share

export type {
  DeviceName,
  ElementArrays,
  ElementType,
  LoadOptions,
  RunOptions,
  Runtime,
  Session,
  Tensor,
  TensorPort,
} from './base/index.ts';
export type { RuntimeOptions } from './runtime/index.ts';
export { createRuntime } from './runtime/index.ts';

// Errors, each with a stable code; progress

export type { ProgressEvent, ProgressListener } from './base/index.ts';
export { IchorError, RefusedInput, UsageError } from './base/index.ts';

// Files written whole or not at all

export type { FileContent } from './files/index.ts';
export { writeFilesWhole, writeFileWhole } from './files/index.ts';
