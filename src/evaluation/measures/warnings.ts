import type { Performance } from './measures.ts';

/** With fewer patients of a class resampled intervals are too narrow (scripts/coverage-of-intervals.ts measures it). */
const FEWEST_PATIENTS = 80;
/** With fewer of them no interval can be relied on. */
export const FEWEST_FOR_FIGURES = 10;

/** Patients of the rarer class; infinite where a class is missing, and with it the figures. */
export const rarerPatients = ({ positivePatients, negativePatients }: PatientCounts): number =>
  Math.min(positivePatients || Number.POSITIVE_INFINITY, negativePatients || Number.POSITIVE_INFINITY);

type PatientCounts = Pick<Performance, 'positivePatients' | 'negativePatients'>;

/** Whether intervals that rest on resampled patients need a word of warning. */
export const needsRowsWarning = (counts: PatientCounts): boolean => rarerPatients(counts) < FEWEST_PATIENTS;

/** From here on, and with fewer patients of a class than this, an AUC's interval covers 0.89 to 0.94 in place of 0.95. */
const NEAR_ONE = { area: 0.985, patients: 300 } as const;

/** Whether an AUC is so near to 1 that its interval needs one. */
export const needsAucWarning = (counts: PatientCounts, area: number): boolean =>
  area >= NEAR_ONE.area && rarerPatients(counts) < NEAR_ONE.patients;
