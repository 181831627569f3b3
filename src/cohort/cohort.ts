import {
  HEMORRHAGE_CLASSES,
  type HemorrhageLabels,
  IchorError,
  ofClasses,
  RefusedInput,
} from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import type { BleedBox } from './bleed-boxes.ts';
import type { BleedMask } from './bleed-mask.ts';
import type { CohortCheck } from './cohort-checks.ts';
import type { CohortStudy, KnownLabels } from './cohort-study.ts';

/** A head CT with its reference standard. */
export interface LabelledStudy {
  /** Whose data it is; figures are given by source, never pooled over sources. */
  readonly source: string;
  /** Unique within the source; all studies of a patient stay on one side of every split. */
  readonly patient: string;
  /** Whose patients these are, where the scans come out of another data set: BHSD's are RSNA's. */
  readonly patientSource?: string;
  /** Unique within the source. */
  readonly study: string;
  /** One entry a slice, inferior to superior; absent where the subject alone is labelled. */
  readonly slices?: readonly KnownLabels[];
  readonly subject: KnownLabels;
  /** Reads the images; throws RefusedInput naming the study where they do not fit their labels. */
  load(): Promise<Volume>;
  /** Another one where the images are others, or have changed; absent where that cannot be told without reading them. */
  imagesFingerprint?(): Promise<string>;
  /** Where the blood is, on the grid of `load()`, where that is told. Throws RefusedInput. */
  loadMask?(): Promise<BleedMask>;
  /** Boxes around its blood, their slices counted from 0; of some of its slices, see agreeingBoxes. */
  readonly boxes?: readonly BleedBox[];
  /** Of a scan in a store: HU [slices, 256, 256], resampled already as the paper does. */
  storedHu?(): Promise<Int16Array>;
}

/** Labelled studies with what must be said about where they come from. */
export interface Cohort {
  readonly name: string;
  readonly studies: readonly LabelledStudy[];
  /** Licence and attribution, for the model card. */
  readonly attribution: string;
  /** What was found in the label files; a study that a `refused` check names is not among the studies. */
  readonly checks?: readonly CohortCheck[];
}

/** Unique over sources: `ct-ich/51`; a scan out of another data set keeps that one's key. */
export const patientKey = ({
  source,
  patient,
  patientSource,
}: Pick<CohortStudy, 'source' | 'patient' | 'patientSource'>): string =>
  `${patientSource ?? source}/${patient}`;

export const studyKey = ({ source, study }: Pick<LabelledStudy, 'source' | 'study'>): string =>
  `${source}/${study}`;

/** A subject has what any of its slices has. */
export function subjectOf(slices: readonly HemorrhageLabels[]): HemorrhageLabels {
  return Object.freeze(ofClasses((name) => slices.some((labels) => labels[name])));
}

/** Labels from those classes that are there; any hemorrhage follows from the subtypes unless it is given. */
export function labelsOf(present: Partial<HemorrhageLabels>): HemorrhageLabels {
  const any = present.anyHemorrhage ?? Object.values(present).includes(true);
  return Object.freeze({ ...ofClasses((name) => present[name] ?? false), anyHemorrhage: any });
}

/** Several cohorts as one; throws `study-twice` where two studies have the same key. */
export function joinCohorts(name: string, cohorts: readonly Cohort[]): Cohort {
  const studies = cohorts.flatMap((cohort) => cohort.studies);
  refuseTwice(studies.map(studyKey));
  const attribution = cohorts.map((c) => c.attribution).join('\n');
  return Object.freeze({ name, studies, attribution, checks: cohorts.flatMap(({ checks = [] }) => checks) });
}

/** Throws RefusedInput `study-twice` where two studies have the same key (studyKey). */
export function refuseTwice(keys: readonly string[]): void {
  const met = new Set<string>();
  const twice = keys.find((key) => met.size === met.add(key).size);
  if (twice === undefined) return;
  const text = `study ${twice} is there twice, in one place or in two; each study must be there once`;
  throw new RefusedInput('study-twice', text);
}

/** Those studies of a cohort whose patients are named (keys as patientKey gives them). */
export function studiesOf(cohort: Cohort, patients: readonly string[]): LabelledStudy[] {
  const wanted = new Set(patients);
  const found = cohort.studies.filter((study) => wanted.has(patientKey(study)));
  const known = new Set(found.map(patientKey));
  const missing = patients.find((patient) => !known.has(patient));
  if (missing === undefined) return found;
  throw new IchorError('patient-unknown', `patient ${missing} of the split is not in cohort ${cohort.name}`);
}

/** Subjects and slices by class: what a split's table shows. */
export function countLabels(studies: readonly LabelledStudy[]) {
  return HEMORRHAGE_CLASSES.map(({ name }) => ({
    name,
    patients: new Set(studies.filter((s) => s.subject[name]).map(patientKey)).size,
    subjects: studies.filter((s) => s.subject[name]).length,
    slices: studies.reduce((sum, s) => sum + (s.slices ?? []).filter((labels) => labels[name]).length, 0),
  }));
}
