// Reading: for await (const outcome of readStudies(await findStudyFiles('study-folder'))) { ... }

export type { ReadOptions } from './read-studies.ts';
export { readStudies, readStudy } from './read-studies.ts';

// Slices decoded elsewhere than on the calling thread
export type { FrameDecoders, OpenDecoders } from './slices/decode-series.ts';
// What comes of it

export type { PatientIdentity, SourceModules } from './outcome/identity.ts';
export type {
  AcceptedStudy,
  RefusedStudy,
  SeriesInfo,
  SliceInfo,
  StudyInfo,
  StudyOutcome,
} from './outcome/outcome.ts';
export { withModules } from './outcome/outcome.ts';

// Checks: what was found, in one table

export type { CheckCode, Severity, StudyCheck } from './checks/checks.ts';
export { CHECKS, createCheck } from './checks/checks.ts';

// The rules, as docs/reading-studies.md publishes them

export { PREFERENCES } from './choice/select-series.ts';
export { MINIMUM_SLICES, SERIES_RULES, SERIES_RULES_MM } from './choice/series-rules.ts';
export type { HeadEvidence } from './content/head-test.ts';
export { findHead, HEAD_RING } from './content/head-test.ts';
export { ODD_SLICE } from './content/odd-slices.ts';
export { PLAUSIBLE_HU } from './content/plausible-hu.ts';
export { SKULL_EDGE, skullEdgeChecks } from './content/skull-edges.ts';
export { GEOMETRY_RULES } from './geometry/geometry-checks.ts';

// Voxel labels in NIfTI: what each slice holds, or all of them

export type { NiftiLabels, NiftiMask, NiftiSlices } from './nifti/nifti-labels.ts';
export { readNiftiLabels, readNiftiMask, readNiftiSlices } from './nifti/nifti-labels.ts';

// What may be a slice at all

export { mayBeSlice } from './headers/sop-classes.ts';

// Directions in the patient

export { dot } from './geometry/vectors.ts';
