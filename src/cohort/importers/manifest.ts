import path from 'node:path';
import { MANIFEST_COLUMNS, type ManifestRow, RefusedInput } from '../../base/index.ts';
import { freeCell } from '../../files/index.ts';
import type { CohortCheck } from '../cohort-checks.ts';
import type { ImportedCohort } from '../cohort-study.ts';
import { holdsAll, type Importer } from '../importer.ts';
import { type LabelRow, readLabelFile } from '../label-file.ts';
import { twinsByPlace } from '../twins.ts';
import { manifestRowSchema } from './manifest-row.ts';
import { createManifestStudy, type ManifestStudy } from './manifest-study.ts';

const MANIFEST_FILE = 'manifest.csv';

/** Columns that a manifest cannot do without; classes that it lacks are not labelled. */
const NEEDED = ['source', 'patient', 'study', 'path'] as const;
const KNOWN: ReadonlySet<string> = new Set([...MANIFEST_COLUMNS, 'patientSource', 'reader', 'mask']);

/** Ichor's own manifest: a row a study or a slice, and a row a reader where there are several. */
export const MANIFEST: Importer = {
  name: 'manifest',
  layout: 'manifest.csv, and the studies at the paths it names',
  recognises: holdsAll(MANIFEST_FILE),
  read: (folder) => readManifest(path.join(folder, MANIFEST_FILE)),
};

/** Reads a manifest of any name. Throws RefusedInput naming the line and column that is wrong. */
export async function readManifest(file: string): Promise<ImportedCohort> {
  const shown = path.basename(file);
  const found = new Map<string, ManifestStudy>();
  const onRow = (row: LabelRow, line: number, columns: readonly string[]): void => {
    if (found.size === 0) {
      refuseColumnTwice(columns, shown);
      refuseOtherCase(columns, shown);
    }
    const parsed = parseRow(row, line, columns, shown);
    const key = `${parsed.source}/${parsed.study}`;
    const study = found.get(key) ?? createManifestStudy(parsed);
    found.set(key, study);
    study.take(parsed, covariatesOf(row, columns), line);
  };
  const columnChecks: CohortCheck[] = await readLabelFile(file, { columns: NEEDED, wholeRows: true, onRow });
  const finished = [...found.values()].map((study) => study.finish(path.dirname(file)));
  const studies = finished.flatMap(({ study }) => study ?? []);
  const twins = twinsByPlace(studies);
  const checks = [...columnChecks, ...finished.flatMap((study) => study.checks), ...twins.values()];
  if (found.size === 0) throw new RefusedInput('cohort-empty', `${shown} has no rows`);
  const name = path.basename(path.dirname(path.resolve(file)));
  const kept = studies.filter((study) => !twins.has(study));
  return Object.freeze({ name, studies: kept, attribution: `Manifest ${name}/${shown}.`, checks });
}

function refuseColumnTwice(columns: readonly string[], shown: string): void {
  const twin = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (twin === undefined) return;
  throw new RefusedInput('column-twice', `${shown} has two columns ${twin}; one was expected`);
}

/** It would be taken for a covariate, and what it says of labels or patients lost. */
function refuseOtherCase(columns: readonly string[], shown: string): void {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[ _-]/g, '');
  const known = new Map([...KNOWN].map((name) => [plain(name), name]));
  for (const column of columns) {
    const meant = known.get(plain(column));
    if (meant === undefined || meant === column) continue;
    throw new RefusedInput(
      'near-column',
      `${shown} has a column "${column}"; call it ${meant}, or otherwise where it is something else`,
    );
  }
}

function parseRow(row: LabelRow, line: number, columns: readonly string[], shown: string): ManifestRow {
  const cells = columns.filter((column) => KNOWN.has(column)).map((column) => [column, row(column)]);
  const parsed = manifestRowSchema.safeParse(Object.fromEntries(cells));
  if (parsed.success) return parsed.data;
  const column = String(parsed.error.issues[0]?.path[0] ?? '?');
  const expected = EXPECTED[column] ?? '0, 1 or nothing';
  const text = `${shown}, line ${line}: ${column} is "${row(column)}"; expected ${expected}`;
  throw new RefusedInput('bad-cell', text);
}

const EXPECTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NEEDED.map((column) => [column, 'text'])),
  slice: 'a whole number from 1, or nothing for the subject',
};

function covariatesOf(row: LabelRow, columns: readonly string[]): Record<string, string> {
  const own = columns.filter((column) => column !== '' && !KNOWN.has(column));
  const told = own.map((column) => [column, freeCell(row(column))] as const);
  return Object.fromEntries(told.filter(([, text]) => text !== ''));
}
