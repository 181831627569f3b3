/**
 * Synthetic head CT with known bleeds, and bleeds put into real series.
 *
 *     const phantom = createPhantom({ seed: 7, bleeds: ['epidural'] });
 *     for (const { name, bytes } of phantomDicom(phantom)) await writeFile(name, bytes);
 */
// Cohorts of phantoms, from settings
export type { BleedSettings, CohortPhantom } from './cohort/cohort-phantoms.ts';
export { cohortPhantoms } from './cohort/cohort-phantoms.ts';
export type { PhantomCohortSettings, Scanner } from './cohort/cohort-settings.ts';
export { phantomCohortSchema, readPhantomCohort } from './cohort/cohort-settings.ts';
// Findings that imitate blood
export type { MimicName } from './head/head-plan.ts';
export { MIMIC_NAMES } from './head/head-plan.ts';
// Bleeds in real series
export type { Image, PixelMask } from './insertion/image.ts';
export type { Insertion, InsertionOptions } from './insertion/insert-bleed.ts';
export { insertBleed } from './insertion/insert-bleed.ts';
// Phantoms
export type { Phantom, PhantomBleed, PhantomOptions } from './phantom.ts';
export { createPhantom, drawFindings } from './phantom.ts';
export type { PhantomFile } from './phantom-dicom.ts';
export { phantomDicom } from './phantom-dicom.ts';
