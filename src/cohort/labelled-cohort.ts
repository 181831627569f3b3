import { HEMORRHAGE_CLASSES, type HemorrhageLabels, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { readBleedMask } from './bleed-mask.ts';
import { type Cohort, type LabelledStudy, refuseTwice, studyKey } from './cohort.ts';
import type { CohortStudy, ImportedCohort } from './cohort-study.ts';
import { fingerprintOfImages } from './images-fingerprint.ts';
import { readCohortStudy } from './read-study-images.ts';

/** An imported data set as the trainer takes it. Throws RefusedInput `study-twice`. */
export function labelledCohort({ name, studies, attribution, checks }: ImportedCohort): Cohort {
  const labelled = studies.map(labelledStudy);
  refuseTwice(labelled.map(studyKey));
  return Object.freeze({ name, studies: labelled, attribution, checks });
}

function labelledStudy(study: CohortStudy): LabelledStudy {
  const { source, patient, patientSource, subject, slices } = study;
  const key = studyKey(study);
  let fingerprint: Promise<string> | undefined;
  // Each epoch asks: the files are looked at once
  const imagesFingerprint = () => {
    fingerprint ??= fingerprintOfImages(study.images);
    return fingerprint;
  };
  return Object.freeze({
    source,
    patient,
    ...(patientSource !== undefined && { patientSource }),
    study: study.study,
    ...(slices && { slices }),
    subject,
    load: () => loadVolume(study, key),
    imagesFingerprint,
    ...(study.maskFile !== undefined && { loadMask: () => readBleedMask(study, key) }),
  });
}

/**
 * All six classes of every slice. Throws RefusedInput `slices-unlabelled`, `class-unlabelled`: a class that nobody
 * looked for is no negative.
 */
export function sliceLabelsOf(study: LabelledStudy): readonly HemorrhageLabels[] {
  const key = studyKey(study);
  if (study.slices === undefined)
    throw new RefusedInput('slices-unlabelled', `${key}: its slices are not labelled`);
  return study.slices.map((labels, i) => {
    const missing = HEMORRHAGE_CLASSES.find(({ name }) => labels[name] === undefined);
    if (missing === undefined) return labels as HemorrhageLabels;
    throw new RefusedInput('class-unlabelled', `${key}: ${missing.label} of slice ${i + 1} is not labelled`);
  });
}

async function loadVolume(study: CohortStudy, key: string): Promise<Volume> {
  const read = await readCohortStudy(study);
  if (read.kind === 'read') return read.volume;
  const why = read.checks.find((check) => check.severity === 'refused')?.text ?? 'no reason was told';
  throw new RefusedInput('study-refused', `${key}: ${why}`);
}
