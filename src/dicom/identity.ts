import type { DicomObject } from './dicom-object.ts';

/** Whose study it is. Nothing logs it, trains on it or draws it unless a user asks for the name in a report. */
export interface PatientIdentity {
  readonly name?: string;
  readonly patientId?: string;
  /** DICOM's YYYYMMDD. */
  readonly birthDate?: string;
  /** M, F or O. */
  readonly sex?: string;
  /** As in the files: 063Y. */
  readonly age?: string;
  readonly accessionNumber?: string;
  /** DICOM's YYYYMMDD. */
  readonly studyDate?: string;
}

const KEYWORDS: Readonly<Record<keyof PatientIdentity, string>> = {
  name: 'PatientName',
  patientId: 'PatientID',
  birthDate: 'PatientBirthDate',
  sex: 'PatientSex',
  age: 'PatientAge',
  accessionNumber: 'AccessionNumber',
  studyDate: 'StudyDate',
};

/** Who and which visit, in an object of its own; what the files do not say is absent. */
export function readIdentity(object: DicomObject): PatientIdentity {
  const texts = Object.entries(KEYWORDS).map(([name, keyword]) => [name, object.text(keyword)] as const);
  return Object.freeze(Object.fromEntries(texts.filter(([, text]) => text !== undefined)));
}
