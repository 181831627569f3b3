import type { HemorrhageLabels } from '../base/index.ts';
import type { CohortCheck } from './cohort-checks.ts';

/** Labels of those classes that the data set says something of; a class that is absent is not labelled. */
export type KnownLabels = Readonly<Partial<HemorrhageLabels>>;

/** What labels a study: of the subject, and of its slices where these are labelled too. */
export interface StudyLabels {
  readonly subject: KnownLabels;
  /** Inferior to superior, or in the order of `sliceFiles`. */
  readonly slices?: readonly KnownLabels[];
}

/** Where a study's images are and how they are read: plain data, so that any thread can read them. */
export interface StudyImages {
  /** Row of IMAGE_READERS. */
  readonly reader: ImageReaderName;
  /** Files and folders, in order. */
  readonly paths: readonly string[];
}

export type ImageReaderName = 'study' | 'brain-window-jpegs';

/** A study with its reference standard and where its images are. */
export interface CohortStudy extends StudyLabels {
  /** Whose data it is; figures are given by source, never pooled over sources. */
  readonly source: string;
  /** A number or a code, never a name; unique within its source. */
  readonly patient: string;
  /** Whose patients these are, where the scans come out of another data set: BHSD's are RSNA's. */
  readonly patientSource?: string;
  /** Unique within the source. */
  readonly study: string;
  /** The file name that each entry of `slices` belongs to; absent where they lie in the volume's order. */
  readonly sliceFiles?: readonly string[];
  /** What each reader says, where there are several; `subject` and `slices` are then their majority. */
  readonly readers?: Readonly<Record<string, StudyLabels>>;
  /** Age, sex and what else is told of the study, by column. */
  readonly covariates: Readonly<Record<string, string>>;
  readonly images: StudyImages;
  /** A NIfTI file that says where the blood is, on the images' grid; see manifestRowSchema. */
  readonly maskFile?: string;
}

/** A data set as an importer gives it. */
export interface ImportedCohort {
  readonly name: string;
  readonly studies: readonly CohortStudy[];
  /** Licence and attribution, for the model card. */
  readonly attribution: string;
  /** What was found in the label files; a study that a `refused` check names is not among the studies. */
  readonly checks: readonly CohortCheck[];
}
