import path from 'node:path';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort, KnownLabels } from '../cohort-study.ts';
import { holdsAll, type Importer, listed, namesIn } from '../importer.ts';
import { subjectOfKnown } from '../known-labels.ts';
import { readDemographics } from './ct-ich-demographics.ts';
import { readDiagnoses } from './ct-ich-diagnoses.ts';

const ATTRIBUTION =
  'Hssayeni M. Computed Tomography Images for Intracranial Hemorrhage Detection and Segmentation, version 1.0.0. ' +
  'PhysioNet 2019, doi:10.13026/w8q8-ky94; Hssayeni et al., Data 2020, 5(1), 14. CC BY 4.0.';

/** Folder of one patient's slices below the root: this project's form and PhysioNet's. */
const LAYOUTS = [
  (patient: string) => path.join('images', patient),
  (patient: string) => path.join('Patients_CT', patient, 'brain'),
] as const;
const SLICE_NAME = /^(\d+)\.jpg$/;

/** PhysioNet CT-ICH version 1.0.0: windowed JPEGs, a row of labels a slice. */
export const CT_ICH_1_0: Importer = {
  name: 'ct-ich',
  layout: 'hemorrhage_diagnosis.csv beside Patients_CT/051/brain/1.jpg (or images/051/01.jpg)',
  recognises: holdsAll('hemorrhage_diagnosis.csv'),
  read: readCtIch,
};

async function readCtIch(folder: string): Promise<ImportedCohort> {
  const diagnoses = await readDiagnoses(path.join(folder, 'hemorrhage_diagnosis.csv'));
  const demographics = await readDemographics(path.join(folder, 'patient_demographics.csv'), 1);
  const studies: CohortStudy[] = [];
  const checks: CohortCheck[] = [...diagnoses.checks, ...demographics.checks];
  const contradicting = new Set(diagnoses.checks.map(({ study }) => study));
  const imageless: string[] = [];
  for (const [patient, labels] of diagnoses.patients) {
    const files = await sliceFiles(folder, patient);
    const mismatch = mismatchOf(patient, labels, files);
    if (files.size === 0) imageless.push(String(patient));
    else if (mismatch !== undefined) checks.push(mismatch);
    else if (!contradicting.has(String(patient)))
      studies.push(studyOf(patient, labels, files, demographics.patients.get(patient)));
  }
  if (imageless.length > 0) {
    checks.push(cohortCheck('images-missing', `no images of ${listed(imageless, 'labelled patients')}`));
  }
  return Object.freeze({ name: 'ct-ich', studies, attribution: ATTRIBUTION, checks });
}

/** Paths by slice number; empty where this patient's images are not there. */
async function sliceFiles(root: string, patient: number): Promise<Map<number, string>> {
  for (const layout of LAYOUTS) {
    const folder = path.join(root, layout(String(patient).padStart(3, '0')));
    const numbered = (await namesIn(folder)).flatMap((name): [number, string][] => {
      const number = SLICE_NAME.exec(name)?.[1];
      return number === undefined ? [] : [[Number(number), path.join(folder, name)]];
    });
    if (numbered.length > 0) return new Map(numbered);
  }
  return new Map();
}

function mismatchOf(
  patient: number,
  labels: ReadonlyMap<number, KnownLabels>,
  files: ReadonlyMap<number, string>,
): CohortCheck | undefined {
  const wrong = [...labels.keys(), ...files.keys()].find((slice) => !labels.has(slice) || !files.has(slice));
  if (wrong === undefined) return undefined;
  const text = `patient ${patient}: slice ${wrong} must have one image and one row of labels`;
  return cohortCheck('labels-mismatch', text, String(patient));
}

function studyOf(
  patient: number,
  labels: ReadonlyMap<number, KnownLabels>,
  files: ReadonlyMap<number, string>,
  covariates: Readonly<Record<string, string>> = {},
): CohortStudy {
  const inOrder = [...labels.keys()].sort((a, b) => a - b);
  const slices = inOrder.map((slice) => labels.get(slice) as KnownLabels);
  return Object.freeze<CohortStudy>({
    source: 'ct-ich',
    patient: String(patient),
    study: String(patient),
    subject: subjectOfKnown(slices),
    slices,
    covariates,
    images: { reader: 'brain-window-jpegs', paths: inOrder.map((slice) => files.get(slice) as string) },
  });
}
