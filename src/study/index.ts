// Reading: for await (const outcome of readStudies(await findStudyFiles('study-folder'))) { ... }

// Checks: what was found, in one table
export type { CheckCode, Severity, StudyCheck } from './checks.ts';
export { CHECKS } from './checks.ts';
// The rules, as docs/reading-studies.md publishes them
export { GEOMETRY_RULES } from './geometry-checks.ts';
export { HEAD_RING } from './head-test.ts';
// What comes of it
export type { PatientIdentity } from './identity.ts';
// Voxel labels in NIfTI: what each slice holds, or all of them
export type { NiftiLabels, NiftiMask, NiftiSlices } from './nifti-labels.ts';
export { readNiftiLabels, readNiftiMask, readNiftiSlices } from './nifti-labels.ts';
export type {
  AcceptedStudy,
  RefusedStudy,
  SeriesInfo,
  SliceInfo,
  StudyInfo,
  StudyOutcome,
} from './outcome.ts';
export type { ReadOptions } from './read-studies.ts';
export { readStudies, readStudy } from './read-studies.ts';
export { PREFERENCES } from './select-series.ts';
export { MINIMUM_SLICES, SERIES_RULES, SERIES_RULES_MM } from './series-rules.ts';
// Directions in the patient
export { dot } from './vectors.ts';
