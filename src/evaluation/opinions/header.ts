import { RefusedInput } from '../../base/index.ts';
import { KNOWN_COLUMNS, REQUIRED_COLUMNS } from './opinion-row.ts';

/** A column of the input: the name that it is read by, and where its cells stand. */
export interface InputColumn {
  readonly name: string;
  readonly place: number;
  /** Of probabilities that the header calls percent. */
  readonly percent: boolean;
}

export interface Header {
  readonly columns: readonly InputColumn[];
  /** Cells without a name above them, which must stay empty. */
  readonly nameless: readonly number[];
  /** What people should know of how it was read. */
  readonly notes: readonly string[];
}

/** Names that people give to columns that have a meaning here; as covariates they would pass in silence. */
const NEAR_NAMES: Readonly<Record<string, readonly string[]>> = {
  set: ['split', 'sets', 'subset', 'partition', 'datasplit'],
  fold: ['folds', 'cvfold'],
  excluded: ['exclude', 'exclusion', 'exclusionreason', 'isexcluded'],
  patient: ['patientid', 'patientcode', 'subjectid', 'pid'],
  study: ['studyid', 'studyuid', 'studyinstanceuid', 'accessionnumber', 'scan'],
  slice: ['slicenumber', 'sliceindex', 'instancenumber'],
  class: ['classname', 'finding', 'subtype', 'label'],
  reference: ['referencestandard', 'truth', 'groundtruth', 'goldstandard', 'target'],
  reader: ['rater', 'observer', 'model', 'source', 'radiologist'],
  probability: ['prob', 'probabilities', 'score', 'prediction', 'predicted'],
  aid: ['aided', 'help', 'assistance', 'withai', 'aiassisted'],
  decision: ['decisions', 'rating', 'ratings', 'call'],
};

/** Columns that name people, as DICOM and hospitals call them. */
const NAMES_PEOPLE =
  /^(patients?name|name|lastname|surname|firstname|fullname|patients?birthdate|birthdate)$/;

const PERCENT = /(\(%\)|\[%\]|%|percent)$/;
const plain = (name: string): string => name.toLowerCase().replace(/[\s_.'-]/g, '');

/**
 * The columns of a header: known ones in any case of letters, all others covariates.
 * @throws RefusedInput `missing-columns`, `double-column`, `near-column`, `names-people`
 */
export function headerOf(cells: readonly string[], shown: string): Header {
  const named = cells.map((cell, place) => ({ cell, place, ...meaningOf(cell) }));
  const columns = named.filter(({ cell }) => cell !== '');
  const names = columns.map(({ name }) => name);
  refusePeople(columns, shown);
  const twice = columns.find(({ name }, k) => names.findIndex((other) => plain(other) === plain(name)) !== k);
  if (twice !== undefined)
    throw new RefusedInput(
      'double-column',
      `${shown}: two columns are named ${twice.name}, in whatever case of letters; keep one`,
    );
  refuseNear(names, shown);
  refuseMissing(names, shown);
  const renamed = columns.filter(({ cell, name, percent }) => !percent && cell !== name);
  return {
    columns,
    nameless: named.filter(({ cell }) => cell === '').map(({ place }) => place),
    notes:
      renamed.length === 0
        ? []
        : [
            `Columns read by their known names: ${renamed.map(({ cell, name }) => `${cell} as ${name}`).join(', ')}.`,
          ],
  };
}

function meaningOf(cell: string): { name: string; percent: boolean } {
  const lower = cell.toLowerCase();
  if (KNOWN_COLUMNS.has(lower)) return { name: lower, percent: false };
  const percent = lower.startsWith('probability') && PERCENT.test(lower);
  return percent ? { name: 'probability', percent } : { name: cell, percent };
}

function refusePeople(columns: readonly { cell: string }[], shown: string): void {
  const people = columns.find(({ cell }) => NAMES_PEOPLE.test(plain(cell)));
  if (people === undefined) return;
  throw new RefusedInput(
    'names-people',
    `${shown}: column ${people.cell} names people; a report would print it: leave the column out`,
  );
}

function refuseNear(names: readonly string[], shown: string): void {
  for (const [known, near] of Object.entries(NEAR_NAMES)) {
    if (names.includes(known)) continue;
    const found = names.find((name) => near.includes(plain(name)));
    if (found === undefined) continue;
    throw new RefusedInput(
      'near-column',
      `${shown}: column ${found} would be taken for a covariate; if it is what Ichor calls ${known}, name it ${known}, else give it another name`,
    );
  }
}

function refuseMissing(names: readonly string[], shown: string): void {
  const missing: string[] = REQUIRED_COLUMNS.filter((column) => !names.includes(column));
  const hasValue = names.includes('probability') || names.includes('decision');
  if (!hasValue) missing.push('probability or decision');
  if (missing.length === 0) return;
  const isWide = names.includes('study') && !names.includes('reader') && !hasValue;
  const hint = isWide
    ? '. It looks like a wide table, with a column for each reader: Ichor reads one row for each reader, study and class; docs/evaluation.md shows how to turn it in Excel, Python and R, and ichor evaluate --template writes an example'
    : '';
  throw new RefusedInput(
    'missing-columns',
    `${shown}: columns are missing: ${missing.join(', ')}; needed are ${REQUIRED_COLUMNS.join(', ')}, and probability or decision${hint}`,
  );
}
