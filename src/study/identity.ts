import { type DicomObject, readIdentity } from '../dicom/index.ts';

/** Whose study it is. Nothing else carries these, and nothing logs, trains on or draws them. */
export type PatientIdentity = ReturnType<typeof readIdentity>;

export function identityOf(object: DicomObject): PatientIdentity {
  return readIdentity(object);
}

/** NIfTI files name nobody. */
export const NO_IDENTITY: PatientIdentity = Object.freeze({});
