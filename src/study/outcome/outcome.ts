import type { Volume } from '../../volume/index.ts';
import type { StudyCheck } from '../checks/checks.ts';
import type { PatientIdentity, SourceModules } from './identity.ts';

/** What is known of a study without knowing whose it is. */
export interface StudyInfo {
  readonly source: 'dicom' | 'nifti';
  /** The Study Instance UID, or the NIfTI file's name: for folders and tables. */
  readonly name: string;
  readonly studyInstanceUid?: string;
  /** The path of a NIfTI file within what was given: two of one name are two studies. */
  readonly file?: string;
}

/** The series that was read. */
export interface SeriesInfo {
  readonly seriesInstanceUid?: string;
  readonly frameOfReferenceUid?: string;
  readonly seriesNumber?: number;
  readonly description: string;
  /** How many slices the volume has. */
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  readonly sliceThicknessMm?: number;
  readonly kernel?: string;
  /** Maker and model. */
  readonly scanner?: string;
  readonly transferSyntaxUid?: string;
  readonly sopClassUid?: string;
}

/** One slice of the volume, in its order. */
export interface SliceInfo {
  readonly file: string;
  /** From 0, in a multi-frame object; 0 otherwise. */
  readonly frame: number;
  readonly sopInstanceUid?: string;
  /** Along the normal, towards superior, mm, in the patient's coordinate system. */
  readonly positionMm: number;
}

export interface AcceptedStudy {
  readonly kind: 'accepted';
  readonly study: StudyInfo;
  readonly series: SeriesInfo;
  readonly slices: readonly SliceInfo[];
  readonly volume: Volume;
  readonly checks: readonly StudyCheck[];
  /** Held by this object alone: never logged, trained on or drawn. Not enumerable, so that no JSON holds it. */
  readonly identity: PatientIdentity;
  /** Patient and study for objects made of this one, held in the same way; NIfTI files have none. */
  readonly modules?: SourceModules;
}

export interface RefusedStudy {
  readonly kind: 'refused';
  /** Absent where no file could be read. */
  readonly study?: StudyInfo;
  /** At least one is `refused`; the first of them says why. */
  readonly checks: readonly StudyCheck[];
  /** Of a DICOM study, for a report that says so; not enumerable either. */
  readonly modules?: SourceModules;
}

export type StudyOutcome = AcceptedStudy | RefusedStudy;

/** Adds whose study it is so that neither JSON nor a spread copy of the study takes it along. */
export function withIdentity(
  study: Omit<AcceptedStudy, 'identity' | 'modules'>,
  identity: PatientIdentity,
  modules?: SourceModules,
): AcceptedStudy {
  const whole: AcceptedStudy = { ...study, identity };
  return withModules(Object.defineProperty(whole, 'identity', { enumerable: false }), modules);
}

/** The same for the patient's and the study's attributes alone. */
export function withModules<T extends object>(
  outcome: T,
  modules: SourceModules | undefined,
): T & { readonly modules?: SourceModules } {
  return modules === undefined ? outcome : Object.defineProperty(outcome, 'modules', { value: modules });
}
