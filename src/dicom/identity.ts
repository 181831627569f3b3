import type { DicomObject } from './dicom-object.ts';

/** Whose study it is. Nothing logs it, trains on it or draws it unless a user asks for the name in a report. */
export interface PatientIdentity {
  readonly name?: string;
  readonly patientId?: string;
  /** DICOM's YYYYMMDD. */
  readonly birthDate?: string;
}

/** The patient's name, identifier and birth date, in an object of its own. */
export function readIdentity(object: DicomObject): PatientIdentity {
  const [name, patientId, birthDate] = ['PatientName', 'PatientID', 'PatientBirthDate'].map((k) =>
    object.text(k),
  );
  return Object.freeze({
    ...(name !== undefined && { name }),
    ...(patientId !== undefined && { patientId }),
    ...(birthDate !== undefined && { birthDate }),
  });
}
