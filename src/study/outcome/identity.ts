import type { PatientIdentity, SourceModules } from '../../dicom/index.ts';

/** Whose study it is. Nothing else carries these, and nothing logs, trains on or draws them. */
export type { PatientIdentity, SourceModules };

/** NIfTI files name nobody. */
export const NO_IDENTITY: PatientIdentity = Object.freeze({});
