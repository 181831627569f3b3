/**
 * Labelled studies: importers, reference standard, patient-level splits, the store that trainers read.
 *
 *     const cohort = await readCohort('rsna-2019');
 *     await importCohort(cohort, 'store', { software: 'my trainer 1.0' });
 *     const { scans, load } = await openStore('store');
 *     const { training } = divide(scans, [split]);
 *     const { hu, sliceTargets } = await load(0);
 */

// Labelled studies

export type { BleedBox } from './bleed-boxes.ts';
export { pixelsInBoxes } from './bleed-boxes.ts';
export type { BleedMask } from './bleed-mask.ts';
export { refuseOffGrid } from './bleed-mask.ts';
export type { Cohort, LabelledStudy } from './cohort.ts';
export {
  countLabels,
  joinCohorts,
  labelsOf,
  patientKey,
  refuseTwice,
  studiesOf,
  studyKey,
  subjectOf,
} from './cohort.ts';
export type {
  CohortStudy,
  ImportedCohort,
  KnownLabels,
  StudyImages,
  StudyLabels,
} from './cohort-study.ts';
export { labelledCohort, sliceLabelsOf } from './labelled-cohort.ts';

// Data sets as they are published

export { importCtIch } from './ct-ich.ts';
export type { Importer, ImportOptions } from './importer.ts';
export { manifestRowSchema } from './importers/manifest-row.ts';
export { IMPORTERS, readCohort } from './importers.ts';

// Checks: what was found in label files, in one table

export type { CohortCheck, CohortCheckCode } from './cohort-checks.ts';
export { COHORT_CHECKS, hasRefusal } from './cohort-checks.ts';

// One study's images, with its labels in the volume's order

export type { Acquisition, FoundCheck, RefusedImages } from './read-images.ts';
export type { ReadCohortStudy } from './read-study-images.ts';
export { readCohortStudy } from './read-study-images.ts';
export type { CacheOptions } from './study-cache.ts';
export { withCache } from './study-cache.ts';

// Scans as tables and splits see them

export type { CohortSummary, ScanSummary } from './scan-summary.ts';
export { summariseCohort } from './scan-summary.ts';
export type { SplitMember } from './split-member.ts';

// Training, validation and test by patient

export type { Folds } from './folds.ts';
export { createFolds, foldsSchema } from './folds.ts';
export type { PatientSplit, PatientSplitOptions, SplitPart } from './patient-split.ts';
export {
  divide,
  foldPatients,
  PAPER_SHARES,
  partsByPatient,
  patientSplitSchema,
  SPLIT_PARTS,
  splitOfFold,
  splitPatients,
} from './patient-split.ts';
export type { Split, SplitOptions } from './split.ts';
export { refuseSharedPatients, splitByFold, validationFrom } from './split.ts';

// The store: scans as the networks take them

export type { ImportSummary, StoreOptions } from './store/import-cohort.ts';
export { importCohort } from './store/import-cohort.ts';
export { isStore, openStore, storedScans } from './store/open-store.ts';
export type { Provenance, RefusalRecord, ScanRecord } from './store/scan-record.ts';
export { labelsOfMarks } from './store/scan-record.ts';
export type { ScanEntry, TrainingScan, TrainingStore } from './store/training-store.ts';
export { STORED_SIDE } from './store/training-store.ts';

// What a trainer takes, from a store or from a data set

export { toPaperGrid } from './paper-grid.ts';
export { trainingCohort, trainingCohorts } from './stored-cohort.ts';

// Reading everything once

export type { VerifyOptions } from './verify-cohort.ts';
export { verifyCohort, verifyStore } from './verify-cohort.ts';
export type { VerifiedStudy } from './verify-study.ts';
