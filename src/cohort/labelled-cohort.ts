import { HEMORRHAGE_CLASSES, type HemorrhageLabels, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { readBleedMask } from './bleed-mask.ts';
import { type Cohort, type LabelledStudy, refuseTwice, studyKey } from './cohort.ts';
import type { CohortStudy, ImportedCohort, KnownLabels } from './cohort-study.ts';
import { readCohortStudy } from './read-study-images.ts';

/**
 * An imported data set as the trainer takes it: every slice labelled with all six classes.
 * @throws RefusedInput `slices-unlabelled`, `class-unlabelled` naming the first study that lacks labels
 */
export function labelledCohort({ name, studies, attribution }: ImportedCohort): Cohort {
  const labelled = studies.map(labelledStudy);
  refuseTwice(labelled);
  return Object.freeze({ name, studies: labelled, attribution });
}

function labelledStudy(study: CohortStudy): LabelledStudy {
  const { source, patient, patientSource, subject, slices } = study;
  const key = studyKey(study);
  if (slices === undefined) {
    const text = `${key}: its slices are not labelled; training takes studies with a label for each slice`;
    throw new RefusedInput('slices-unlabelled', text);
  }
  return Object.freeze({
    source,
    patient,
    ...(patientSource !== undefined && { patientSource }),
    study: study.study,
    slices: slices.map((labels) => allKnown(labels, key)),
    subject: allKnown(subject, key),
    load: () => loadVolume(study, key),
    ...(study.maskFile !== undefined && { loadMask: () => readBleedMask(study, key) }),
  });
}

/** Throws RefusedInput `class-unlabelled`. */
export function allKnown(labels: KnownLabels, key: string): HemorrhageLabels {
  const missing = HEMORRHAGE_CLASSES.find(({ name }) => labels[name] === undefined);
  if (missing === undefined) return labels as HemorrhageLabels;
  const text = `${key}: ${missing.label} is not labelled; a class that nobody looked for is no negative`;
  throw new RefusedInput('class-unlabelled', text);
}

async function loadVolume(study: CohortStudy, key: string): Promise<Volume> {
  const read = await readCohortStudy(study);
  if (read.kind === 'read') return read.volume;
  const why = read.checks.find((check) => check.severity === 'refused')?.text ?? 'no reason was told';
  throw new RefusedInput('study-refused', `${key}: ${why}`);
}
