import path from 'node:path';
import { messageOf, RefusedInput } from '../../base/index.ts';
import { findStudyFiles } from '../../files/index.ts';
import { readNiftiSlices } from '../../study/index.ts';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort, KnownLabels } from '../cohort-study.ts';
import { holdsAll, type Importer, isThere, listed } from '../importer.ts';
import { subjectOfKnown } from '../known-labels.ts';
import { readDemographics } from './ct-ich-demographics.ts';
import { readDiagnoses } from './ct-ich-diagnoses.ts';

const ATTRIBUTION =
  'Hssayeni M. Computed Tomography Images for Intracranial Hemorrhage Detection and Segmentation, version 1.3.1. ' +
  'PhysioNet, doi:10.13026/4nae-zg36; Hssayeni et al., Data 2020, 5(1), 14. Restricted terms: see PhysioNet.';

/** PhysioNet CT-ICH version 1.3.1: NIfTI in HU, a row of labels a slice. */
export const CT_ICH_1_3: Importer = {
  name: 'ct-ich-1.3',
  layout: 'hemorrhage_diagnosis_raw_ct.csv beside ct_scans/049.nii',
  recognises: holdsAll('hemorrhage_diagnosis_raw_ct.csv'),
  read: readCtIch,
};

async function readCtIch(folder: string): Promise<ImportedCohort> {
  const diagnoses = await readDiagnoses(path.join(folder, 'hemorrhage_diagnosis_raw_ct.csv'));
  const demographics = await readDemographics(path.join(folder, 'Patient_demographics.csv'), 2);
  const studies: CohortStudy[] = [];
  const checks: CohortCheck[] = [...diagnoses.checks, ...demographics.checks];
  const contradicting = new Set(diagnoses.checks.map(({ study }) => study));
  const imageless: string[] = [];
  for (const [patient, labels] of diagnoses.patients) {
    const file = path.join(folder, 'ct_scans', `${String(patient).padStart(3, '0')}.nii`);
    if (!(await isThere(file))) {
      imageless.push(String(patient));
      continue;
    }
    const ordered = await inVolumeOrder(patient, file, labels);
    if ('code' in ordered) checks.push(ordered);
    else if (!contradicting.has(String(patient)))
      studies.push(studyOf(patient, file, ordered.slices, demographics.patients.get(patient)));
  }
  if (imageless.length > 0) {
    checks.push(cohortCheck('images-missing', `no images of ${listed(imageless, 'labelled patients')}`));
  }
  return Object.freeze({ name: 'ct-ich-1.3', studies, attribution: ATTRIBUTION, checks });
}

/** SliceNumber counts the file's slices from 1 as they are stored; the volume that is read rises to superior. */
async function inVolumeOrder(
  patient: number,
  file: string,
  labels: ReadonlyMap<number, KnownLabels>,
): Promise<CohortCheck | { readonly slices: readonly KnownLabels[] }> {
  try {
    const [nifti] = await findStudyFiles(file);
    const { slices, turned } = await readNiftiSlices(nifti as NonNullable<typeof nifti>);
    const stored = Array.from({ length: slices }, (_, i) => labels.get(i + 1));
    if (labels.size === slices && stored.every((own) => own !== undefined)) {
      return { slices: turned ? stored.toReversed() : stored };
    }
    const text = `patient ${patient}: ${slices} slices in the NIfTI file, labels for ${labels.size} (numbers 1 to ${slices} were expected)`;
    return cohortCheck('labels-mismatch', text, String(patient));
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return cohortCheck('study-unreadable', `patient ${patient}: ${messageOf(thrown)}`, String(patient));
  }
}

function studyOf(
  patient: number,
  file: string,
  slices: readonly KnownLabels[],
  covariates: Readonly<Record<string, string>> = {},
): CohortStudy {
  return Object.freeze<CohortStudy>({
    source: 'ct-ich-1.3',
    patient: String(patient),
    // The patients of version 1.0.0: no split may part them
    patientSource: 'ct-ich',
    study: String(patient),
    subject: subjectOfKnown(slices),
    slices,
    covariates,
    images: { reader: 'study', paths: [file] },
  });
}
