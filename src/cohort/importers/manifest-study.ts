import path from 'node:path';
import { HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES, type ManifestRow } from '../../base/index.ts';
import { type CohortCheck, type CohortCheckCode, cohortCheck } from '../cohort-checks.ts';
import type { CohortStudy, KnownLabels, StudyLabels } from '../cohort-study.ts';
import { deniesItsSubtypes, majorityOfReaders, subjectOfKnown } from '../known-labels.ts';
import { createLabelBook, type LabelBook } from '../label-book.ts';

export interface FinishedStudy {
  /** Absent where a check refuses it. */
  readonly study?: CohortStudy;
  readonly checks: readonly CohortCheck[];
}

/** A study as the rows of a manifest tell it, one after another. */
export interface ManifestStudy {
  take(row: ManifestRow, covariates: Readonly<Record<string, string>>, line: number): void;
  /** @param folder the manifest's, which paths are relative to */
  finish(folder: string): FinishedStudy;
}

const SUBJECT = 0;
/** Of rows without a reader. */
const REFERENCE = '';

export function createManifestStudy(first: ManifestRow): ManifestStudy {
  const books = new Map<string, LabelBook>();
  const covariates = new Map<string, string>();
  const problems = new Map<CohortCheckCode, string>();
  const contradict = (what: string, line: number) =>
    problems.set('contradicting-rows', `line ${line} gives another ${what} than an earlier row`);

  const take: ManifestStudy['take'] = (row, told, line) => {
    for (const column of ['patient', 'path', 'patientSource', 'mask'] as const) {
      if (row[column] !== first[column]) contradict(column, line);
    }
    for (const [column, value] of Object.entries(told)) {
      if ((covariates.get(column) ?? value) !== value) contradict(column, line);
      covariates.set(column, value);
    }
    const book = books.get(row.reader ?? REFERENCE) ?? createLabelBook();
    books.set(row.reader ?? REFERENCE, book);
    const unit = String(row.slice ?? SUBJECT);
    const entered = HEMORRHAGE_CLASSES.flatMap(({ name }) => {
      const known = row[name];
      return known === undefined ? [] : [[name, book.enter(unit, name, known)] as const];
    });
    const unlike = entered.find(([, how]) => how === 'contradicts');
    if (unlike !== undefined) contradict(unlike[0], line);
    else if (entered.some(([, how]) => how === 'again'))
      problems.set('double-rows', `line ${line} repeats a row, alike: taken once`);
  };

  const finish: ManifestStudy['finish'] = (folder) => {
    const labels = labelsOfBooks(books, problems);
    const checks = [...problems].map(([code, text]) =>
      cohortCheck(code, `${first.source}/${first.study}: ${text}`, first.study, first.source),
    );
    if (labels === undefined || checks.some(({ severity }) => severity === 'refused')) return { checks };
    const study: CohortStudy = {
      source: first.source,
      patient: first.patient,
      ...(first.patientSource !== undefined && { patientSource: first.patientSource }),
      study: first.study,
      ...labels,
      covariates: Object.fromEntries(covariates),
      images: { reader: 'study', paths: [path.resolve(folder, first.path)] },
      ...(first.mask !== undefined && { maskFile: path.resolve(folder, first.mask) }),
    };
    return { study: Object.freeze(study), checks };
  };
  return { take, finish };
}

/** The labels that count, and each reader's where several are named; undefined where the rows do not make a whole. */
function labelsOfBooks(
  books: ReadonlyMap<string, LabelBook>,
  problems: Map<CohortCheckCode, string>,
): Pick<CohortStudy, 'subject' | 'slices' | 'readers'> | undefined {
  if ([...books.values()].every(({ size }) => size === 0)) {
    problems.set('images-unlabelled', 'no class is labelled; it takes no part');
    return undefined;
  }
  if (books.size > 1 && books.has(REFERENCE)) {
    problems.set('labels-incomplete', 'some of its rows name a reader and some do not');
    return undefined;
  }
  const read = [...books].map(([reader, book]) => [reader, labelsOfBook(book)] as const);
  const slices = new Set(read.map(([, labels]) => labels?.slices?.length ?? 0));
  if (read.some(([, labels]) => labels === undefined) || slices.size > 1) {
    const text = 'slices are not labelled from 1 on without a gap, or not by every reader';
    problems.set('labels-incomplete', text);
    return undefined;
  }
  const whole = read as (readonly [string, StudyLabels])[];
  const [only] = whole;
  if (only === undefined) return undefined;
  const labels = whole.length === 1 ? only[1] : voted(whole, problems);
  const contradiction = contradictionIn(labels);
  if (contradiction !== undefined)
    problems.set('labels-contradict', `${contradiction}; both are kept as given`);
  const readers = whole.length > 1 || only[0] !== REFERENCE ? Object.fromEntries(whole) : undefined;
  return { ...labels, ...(readers && { readers }) };
}

/** The first that is found; undefined where subject, slices and subtypes agree. */
function contradictionIn({ subject, slices = [] }: StudyLabels): string | undefined {
  if (deniesItsSubtypes(subject)) return 'the subject has a subtype and no hemorrhage';
  const denying = slices.findIndex(deniesItsSubtypes);
  if (denying >= 0) return `slice ${denying + 1} has a subtype and no hemorrhage`;
  const unlike = HEMORRHAGE_CLASSES.find(
    ({ name }) => subject[name] === false && slices.some((own) => own[name]),
  );
  return unlike && `the subject has no ${unlike.name} and a slice has`;
}

function voted(
  readers: readonly (readonly [string, StudyLabels])[],
  problems: Map<CohortCheckCode, string>,
): StudyLabels {
  const { ties, ...labels } = majorityOfReaders(readers.map(([, own]) => own));
  if (ties.length > 0) {
    const more = ties.length > 3 ? ` and ${ties.length - 3} more` : '';
    problems.set('reader-tie', `a tie on ${ties.slice(0, 3).join(', ')}${more}: not labelled`);
  }
  return labels;
}

/** A subtype is a hemorrhage, also where nobody says so. */
const impliedBy = (labels: KnownLabels): KnownLabels =>
  HEMORRHAGE_SUBTYPE_NAMES.some((name) => labels[name]) ? { anyHemorrhage: true } : {};

/** Subject and slices of one reader; undefined where slice numbers have gaps. */
function labelsOfBook(book: LabelBook): StudyLabels | undefined {
  const numbers = [...book.units].map(Number);
  const count = numbers.reduce((a, b) => Math.max(a, b), SUBJECT);
  if (count > numbers.length) return undefined;
  const slices = Array.from({ length: count }, (_, i) => book.labelsOf(String(i + 1)));
  if (slices.includes(undefined)) return undefined;
  const told = { ...subjectOfKnown(slices as KnownLabels[]), ...book.labelsOf(String(SUBJECT)) };
  const subject: KnownLabels = { ...impliedBy(told), ...told };
  return { subject, ...(count > 0 && { slices: slices as KnownLabels[] }) };
}
