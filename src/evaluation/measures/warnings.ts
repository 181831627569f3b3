/** With fewer positive patients intervals of resampled patients are too narrow (scripts/coverage-of-intervals.ts measures it). */
const FEWEST_POSITIVE_PATIENTS = 40;
/** With fewer of them no interval can be relied on. */
export const FEWEST_FOR_FIGURES = 10;

/** Whether intervals of rows that patients share need a word of warning. */
export const needsRowsWarning = (positivePatients: number): boolean =>
  positivePatients < FEWEST_POSITIVE_PATIENTS;

/** With fewer false alarms of the reader the specificity at which the model is read is itself hardly known. */
const FEWEST_ALARMS = 10;

/** Whether the model's sensitivity at a reader's specificity needs one. */
export const needsReaderWarning = (falseAlarms: number): boolean => falseAlarms < FEWEST_ALARMS;
