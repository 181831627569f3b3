import type { CohortCheck } from '../cohort-checks.ts';
import { isThere } from '../importer.ts';
import { readLabelFile } from '../label-file.ts';

export interface Demographics {
  /** Age in years and sex, by patient number. */
  readonly patients: ReadonlyMap<number, Readonly<Record<string, string>>>;
  readonly checks: readonly CohortCheck[];
}

/**
 * PhysioNet CT-ICH's table of patients: one header row in 1.0.0, two in 1.3.1, where names hold line breaks and
 * blanks at their ends. None where the file is not there.
 */
export async function readDemographics(file: string, headerRows: number): Promise<Demographics> {
  const patients = new Map<number, Readonly<Record<string, string>>>();
  if (!(await isThere(file))) return { patients, checks: [] };
  const checks = await readLabelFile(file, {
    columns: ['Patient Number', 'Gender'],
    headerRows,
    onRow: (row, _line, columns) => {
      const age = row(columns.find((name) => /^age/i.test(name)) ?? '');
      const sex = row('Gender').toLowerCase();
      const told = { ...(age !== '' && { age }), ...(sex !== '' && { sex }) };
      patients.set(Number(row('Patient Number')), told);
    },
  });
  return { patients, checks };
}
