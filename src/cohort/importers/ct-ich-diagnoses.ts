import path from 'node:path';
import { type CohortCheck, cohortCheck } from '../cohort-checks.ts';
import type { KnownLabels } from '../cohort-study.ts';
import { fromSubtypes } from '../known-labels.ts';
import { flagOf, type LabelRow, readLabelFile } from '../label-file.ts';

const SUBTYPE_COLUMNS = {
  intraparenchymal: 'Intraparenchymal',
  intraventricular: 'Intraventricular',
  subdural: 'Subdural',
  epidural: 'Epidural',
  subarachnoid: 'Subarachnoid',
} as const;

export interface Diagnoses {
  /** Labels by slice number, by patient number. */
  readonly patients: ReadonlyMap<number, ReadonlyMap<number, KnownLabels>>;
  readonly checks: readonly CohortCheck[];
}

/** PhysioNet CT-ICH's table of slices, in both versions: a row a slice. Throws as readLabelFile does. */
export async function readDiagnoses(file: string): Promise<Diagnoses> {
  const shown = path.basename(file);
  const patients = new Map<number, Map<number, KnownLabels>>();
  const notes = new Notes();
  const onRow = (row: LabelRow, line: number): void => {
    const patient = Number(row('PatientNumber'));
    const slice = Number(row('SliceNumber'));
    const labels = labelsOfRow(row, line, shown);
    if ((row('No_Hemorrhage') === '1') === labels.anyHemorrhage) notes.denied.push(line);
    const slices = patients.get(patient) ?? new Map<number, KnownLabels>();
    const before = slices.get(slice);
    if (before !== undefined) notes.again(before, labels, patient, slice);
    slices.set(slice, labels);
    patients.set(patient, slices);
  };
  const columns = ['PatientNumber', 'SliceNumber', ...Object.values(SUBTYPE_COLUMNS), 'No_Hemorrhage'];
  const checks = await readLabelFile(file, { columns, onRow });
  return { patients, checks: [...checks, ...notes.checks(shown)] };
}

function labelsOfRow(row: LabelRow, line: number, shown: string): KnownLabels {
  const flags = Object.entries(SUBTYPE_COLUMNS).map(([name, column]) => [
    name,
    flagOf(row(column), column, line, shown),
  ]);
  return fromSubtypes(Object.fromEntries(flags));
}

/** What is odd about rows, gathered so that a thousand of them make one check. */
class Notes {
  readonly denied: number[] = [];
  readonly #alike: string[] = [];
  readonly #unlike = new Map<number, number>();

  again(before: KnownLabels, now: KnownLabels, patient: number, slice: number): void {
    const isAlike = Object.keys(SUBTYPE_COLUMNS).every((name) => {
      const key = name as keyof typeof SUBTYPE_COLUMNS;
      return before[key] === now[key];
    });
    if (isAlike) this.#alike.push(`${patient}/${slice}`);
    else this.#unlike.set(patient, slice);
  }

  checks(shown: string): CohortCheck[] {
    const checks: CohortCheck[] = [];
    if (this.#alike.length > 0) {
      const text = `${shown} has ${this.#alike.length} slices twice, alike (patient/slice ${this.#alike.slice(0, 5).join(', ')}): taken once`;
      checks.push(cohortCheck('double-rows', text));
    }
    for (const [patient, slice] of this.#unlike) {
      const text = `${shown}: slice ${slice} of patient ${patient} has two rows that differ`;
      checks.push(cohortCheck('contradicting-rows', text, String(patient)));
    }
    if (this.denied.length > 0) {
      const text = `${shown}: No_Hemorrhage contradicts the subtypes on ${this.denied.length} rows (line ${this.denied.slice(0, 5).join(', ')}): the subtypes count`;
      checks.push(cohortCheck('labels-contradict', text));
    }
    return checks;
  }
}
