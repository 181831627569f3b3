import path from 'node:path';
import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../../base/index.ts';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort, KnownLabels, StudyLabels } from '../cohort-study.ts';
import { holdsAll, type Importer, listed, namesIn } from '../importer.ts';
import { deniesItsSubtypes, majorityOfReaders } from '../known-labels.ts';
import { flagOf, type LabelRow, readLabelFile } from '../label-file.ts';

const ATTRIBUTION =
  'Chilamkurthy S et al. Deep learning algorithms for detection of critical findings in head CT scans: a ' +
  'retrospective study. Lancet 2018, 392(10162), 2388-2396. CQ500, CC BY-NC-SA 4.0.';

const LABEL_FILE = 'reads.csv';
const READERS = ['R1', 'R2', 'R3'] as const;
const COLUMN: Readonly<Record<HemorrhageName, string>> = {
  anyHemorrhage: 'ICH',
  intraparenchymal: 'IPH',
  intraventricular: 'IVH',
  subdural: 'SDH',
  epidural: 'EDH',
  subarachnoid: 'SAH',
};

/** CQ500: several series a study, three readers, labels for subjects alone. */
export const CQ500: Importer = {
  name: 'cq500',
  layout: 'reads.csv beside "CQ500CT0 CQ500CT0/Unknown Study/<series>/CT000000.dcm" (or CQ500-CT-0.zip)',
  recognises: holdsAll(LABEL_FILE),
  read: readCq500,
};

async function readCq500(folder: string): Promise<ImportedCohort> {
  const places = await studyPlaces(folder);
  const studies: CohortStudy[] = [];
  const checks: CohortCheck[] = [];
  const imageless: string[] = [];
  const seen = new Map<string, string>();
  const onRow = (row: LabelRow, line: number): void => {
    const study = row('name');
    const readers = opinionsOf(row, line);
    const written = JSON.stringify(readers);
    const before = seen.get(study);
    seen.set(study, written);
    if (before !== undefined) {
      const alike = before === written;
      checks.push(
        cohortCheck(
          alike ? 'double-rows' : 'contradicting-rows',
          `${LABEL_FILE}: ${study} has two rows${alike ? ', alike: taken once' : ' that differ'}`,
          study,
        ),
      );
      return;
    }
    const place = places.get(numberOf(study));
    if (place === undefined) imageless.push(study);
    else studies.push(studyOf(study, place, readers, row('Category'), checks));
  };
  const columns = [
    'name',
    ...READERS.flatMap((reader) => Object.values(COLUMN).map((c) => `${reader}:${c}`)),
  ];
  const found = await readLabelFile(path.join(folder, LABEL_FILE), { columns, onRow });
  if (imageless.length > 0) {
    checks.push(cohortCheck('images-missing', `no images of ${listed(imageless, 'labelled studies')}`));
  }
  const refused = new Set(checks.flatMap((c) => (c.code === 'contradicting-rows' ? [c.study] : [])));
  return Object.freeze({
    name: 'cq500',
    studies: studies.filter(({ study }) => !refused.has(study)),
    attribution: ATTRIBUTION,
    checks: [...found, ...checks],
  });
}

/** Folders `CQ500CT12 CQ500CT12` and zips `CQ500-CT-12.zip`, by their number. */
async function studyPlaces(folder: string): Promise<Map<number, string>> {
  const names = (await namesIn(folder)).filter((name) =>
    /^(CQ500CT\d+ CQ500CT\d+|CQ500-?CT-?\d+)(\.zip)?$/.test(name),
  );
  return new Map(names.map((name) => [numberOf(name), path.join(folder, name)] as const).reverse());
}

const numberOf = (name: string): number => Number(/CT-?(\d+)/.exec(name)?.[1]);

/** What each reader says; a reader whose cells are empty says nothing. */
function opinionsOf(row: LabelRow, line: number): Record<string, StudyLabels> {
  const entries = READERS.flatMap((reader): [string, StudyLabels][] => {
    const flags = HEMORRHAGE_CLASSES.flatMap(({ name }) => {
      const column = `${reader}:${COLUMN[name]}`;
      return row(column) === '' ? [] : [[name, flagOf(row(column), column, line, LABEL_FILE)] as const];
    });
    return flags.length === 0 ? [] : [[reader, { subject: Object.fromEntries(flags) as KnownLabels }]];
  });
  return Object.fromEntries(entries);
}

function studyOf(
  study: string,
  place: string,
  readers: Readonly<Record<string, StudyLabels>>,
  category: string,
  checks: CohortCheck[],
): CohortStudy {
  const { subject, ties } = majorityOfReaders(Object.values(readers));
  const missing = READERS.filter((reader) => readers[reader] === undefined);
  if (missing.length > 0)
    checks.push(cohortCheck('reader-missing', `${study}: ${missing.join(', ')} says nothing`, study));
  if (ties.length > 0)
    checks.push(cohortCheck('reader-tie', `${study}: a tie on ${ties.join(', ')}: not labelled`, study));
  if (deniesItsSubtypes(subject)) {
    const text = `${study}: the majority sees a subtype and no hemorrhage; both are kept as voted`;
    checks.push(cohortCheck('labels-contradict', text, study));
  }
  return Object.freeze<CohortStudy>({
    source: 'cq500',
    patient: study,
    study,
    subject,
    readers,
    covariates: category === '' ? {} : { category },
    images: { reader: 'study', paths: [place] },
  });
}
