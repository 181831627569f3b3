import path from 'node:path';
import { at } from '../../base/index.ts';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort, KnownLabels } from '../cohort-study.ts';
import { holdsAll, type Importer, type ImportOptions, listed, namesIn } from '../importer.ts';
import { subjectOfKnown } from '../known-labels.ts';
import { type RsnaHeader, readRsnaHeaders } from './rsna-headers.ts';
import { type RsnaLabels, readRsnaLabels } from './rsna-labels.ts';

const ATTRIBUTION =
  'Flanders AE et al. Construction of a Machine Learning Dataset through Collaboration: The RSNA 2019 Brain CT ' +
  "Hemorrhage Challenge. Radiology: Artificial Intelligence 2020, 2(3), e190211. RSNA's terms of use.";
const LABEL_FILE = 'stage_2_train.csv';
const IMAGE_FOLDER = 'stage_2_train';

/** RSNA 2019: one folder of images without order; headers sort them into studies, patients repeat. */
export const RSNA: Importer = {
  name: 'rsna-2019',
  layout: 'stage_2_train.csv beside stage_2_train/ID_<image>.dcm',
  recognises: holdsAll(LABEL_FILE),
  read: readRsna,
};

async function readRsna(folder: string, options: ImportOptions = {}): Promise<ImportedCohort> {
  const labels = await readRsnaLabels(path.join(folder, LABEL_FILE), options.onProgress);
  const names = (await namesIn(path.join(folder, IMAGE_FOLDER))).filter((name) => name.endsWith('.dcm'));
  const labelled = names.filter((name) => labels.book.labelsOf(imageOf(name)) !== undefined);
  const files = labelled.map((name) => ({ name, path: path.join(folder, IMAGE_FOLDER, name) }));
  const { headers, unreadable } = await readRsnaHeaders(files, options.onProgress, options.signal);
  const byStudy = Map.groupBy(headers, ({ study }) => study);
  const checks = [
    ...labels.checks,
    ...imageChecks(labels, names.length - labelled.length, labelled.length),
    ...unreadableChecks(unreadable),
  ];
  const studies: CohortStudy[] = [];
  for (const [study, own] of [...byStudy].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const refusal = refusalOf(study, own, labels);
    if (refusal === undefined) studies.push(studyOf(folder, study, own, labels));
    else checks.push(refusal);
  }
  return Object.freeze({ name: 'rsna-2019', studies, attribution: ATTRIBUTION, checks });
}

const imageOf = (file: string): string => file.replace(/\.dcm$/, '');

function imageChecks(labels: RsnaLabels, unlabelled: number, found: number): CohortCheck[] {
  const missing = labels.book.size - found;
  return [
    ...(unlabelled > 0
      ? [
          cohortCheck(
            'images-unlabelled',
            `${unlabelled} images of ${IMAGE_FOLDER} have no label: left aside`,
          ),
        ]
      : []),
    ...(missing > 0
      ? [cohortCheck('images-missing', `${missing} of ${labels.book.size} labelled images are not there`)]
      : []),
  ];
}

function unreadableChecks(unreadable: ReadonlyMap<string, string>): CohortCheck[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const text = `${listed([...unreadable.keys()], 'images')} cannot be sorted into studies: ${first[1]}`;
  return [cohortCheck('image-unreadable', text)];
}

function refusalOf(study: string, own: readonly RsnaHeader[], labels: RsnaLabels): CohortCheck | undefined {
  const unusable = own.find(({ file }) => labels.unusable.has(imageOf(file)));
  if (unusable !== undefined) {
    const text = `${study}: the labels of ${imageOf(unusable.file)} are incomplete or contradict each other`;
    return cohortCheck('labels-incomplete', text, study);
  }
  const patients = new Set(own.map(({ patient }) => patient));
  if (patients.size > 1) {
    return cohortCheck('labels-mismatch', `${study}: its images name ${patients.size} patients`, study);
  }
  const doubtful = own.filter((header) => header.hasDoubtfulIntercept);
  if (doubtful.length === 0) return undefined;
  const text = `${study}: ${doubtful.length} of ${own.length} images store unsigned 12-bit values without an offset (Rescale Intercept above -100), so their HU cannot be right`;
  return cohortCheck('intercept-doubtful', text, study);
}

/** No image has a number: their order is that of Image Position Patient. */
function studyOf(
  folder: string,
  study: string,
  own: readonly RsnaHeader[],
  { book }: RsnaLabels,
): CohortStudy {
  const inOrder = own.toSorted((a, b) => a.heightMm - b.heightMm || (a.file < b.file ? -1 : 1));
  const slices = inOrder.map(({ file }) => book.labelsOf(imageOf(file)) as KnownLabels);
  return Object.freeze<CohortStudy>({
    source: 'rsna-2019',
    patient: at(inOrder, 0).patient,
    study,
    subject: subjectOfKnown(slices),
    slices,
    sliceFiles: inOrder.map(({ file }) => file),
    covariates: {},
    images: { reader: 'study', paths: inOrder.map(({ file }) => path.join(folder, IMAGE_FOLDER, file)) },
  });
}
