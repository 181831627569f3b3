/**
 * Labelled studies: importers, reference standard, patient-level splits.
 *
 *     const cohort = await importCtIch('ct-ich');
 *     const folds = createFolds(cohort.name, cohort.studies, { count: 5, seed: 2026 });
 *     const { training, validation, test } = splitByFold(cohort.studies, folds, { fold: 0, validationParts: 6, seed: 1 });
 */
// Labelled studies
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
// Importers
export { importCtIch } from './ct-ich.ts';
// Splits by patient
export type { Folds } from './folds.ts';
export { createFolds, foldsSchema } from './folds.ts';
export type { Split, SplitOptions } from './split.ts';
export { refuseSharedPatients, splitByFold, validationFrom } from './split.ts';
// The store: scans as the networks take them
export { openStore } from './store/open-store.ts';
export type { ScanEntry, TrainingScan, TrainingStore } from './store/training-store.ts';
export { STORED_SIDE } from './store/training-store.ts';
// Decoded volumes on disk
export type { CacheOptions } from './study-cache.ts';
export { withCache } from './study-cache.ts';
