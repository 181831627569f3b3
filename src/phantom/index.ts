/**
 * Synthetic head CT with known bleeds, and bleeds put into real series.
 *
 *     const phantom = createPhantom({ seed: 7, bleeds: [{ subtype: 'epidural' }] });
 *     for (const { name, bytes } of phantomDicom(phantom)) await writeFile(name, bytes);
 */

// Phantoms

export type { BleedSettings } from './bleeds/bleed.ts';
export type { MimicName } from './head/head-plan.ts';
export { MIMIC_NAMES } from './head/head-plan.ts';
export { phantomMaskNifti } from './mask-nifti.ts';
export type { Phantom, PhantomBleed, PhantomOptions } from './phantom.ts';
export { createPhantom } from './phantom.ts';
export type { PhantomFile } from './phantom-dicom.ts';
export { phantomDicom } from './phantom-dicom.ts';

// How it is scanned where no scanner is given

export { ORDINARY_SCANNER } from './scan/scan-plan.ts';

// How a phantom was made

export type { PhantomProvenance } from './provenance.ts';
export { isMadeFrom, phantomProvenance, phantomProvenanceSchema } from './provenance.ts';

// Cohorts of phantoms, from settings

export type { CohortPhantom } from './cohort/cohort-phantoms.ts';
export { cohortPhantoms } from './cohort/cohort-phantoms.ts';
export type { PhantomCohortSettings, Scanner } from './cohort/cohort-settings.ts';
export { phantomCohortSchema, readPhantomCohort } from './cohort/cohort-settings.ts';

// Written to disk: a study's folder, a cohort of them with its manifest

export { makePhantoms } from './writing/phantom-threads.ts';
export type { PhantomCohortTask } from './writing/write-cohort.ts';
export { TRAINING_COHORT, writePhantomCohort } from './writing/write-cohort.ts';
export type { PhantomTask } from './writing/write-study.ts';

// Bleeds, dark areas, calcifications and skull defects in real series

export type { FindingOptions } from './insertion/brain.ts';
export { findBrain } from './insertion/brain.ts';
export { addCalcifications } from './insertion/calcifications.ts';
export { addDarkAreas } from './insertion/dark-areas.ts';
export type { Image, PixelMask } from './insertion/image.ts';
export { imageOf, smooth } from './insertion/image.ts';
export type { Insertion, InsertionOptions } from './insertion/insert-bleed.ts';
export { insertBleed } from './insertion/insert-bleed.ts';
export type { BloodSlice, MovedBlood } from './insertion/moved-blood.ts';
export { bloodSlice, moveBlood } from './insertion/moved-blood.ts';
export { grown } from './insertion/regions.ts';
export { openSkull } from './insertion/skull-defect.ts';
