import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { patientKey, readCohort, readCohortStudy } from '../../src/cohort/index.ts';

/** See CONTRIBUTING.md, "Slower checks". */
const folder = path.join(process.env.ICHOR_CORPUS ?? '../shared/data', 'ct-ich');
const COLUMNS = {
  anyHemorrhage: 'any',
  intraparenchymal: 'intraparenchymal',
  intraventricular: 'intraventricular',
  subdural: 'subdural',
  epidural: 'epidural',
  subarachnoid: 'subarachnoid',
} as const;

test('CT-ICH 1.0.0: 57 patients, every slice labelled as the corpus lists it, age and sex', async () => {
  const cohort = await readCohort(folder);
  const listed: Record<string, string>[] = parse(await readFile(path.join(folder, 'labels.csv')), {
    columns: true,
    bom: true,
  });
  expect(cohort.studies).toHaveLength(57);
  const found = cohort.studies.flatMap(({ patient, slices = [] }) =>
    slices.map((labels, i) =>
      [patient, i + 1, ...Object.keys(COLUMNS).map((k) => Number(labels[k as keyof typeof COLUMNS]))].join(),
    ),
  );
  const expected = listed.map((row) =>
    [Number(row.patient), Number(row.slice), ...Object.values(COLUMNS).map((column) => row[column])].join(),
  );
  expect(found.sort()).toEqual(expected.sort());
  expect(cohort.studies.filter(({ subject }) => subject.anyHemorrhage)).toHaveLength(24);
  expect(cohort.studies.every(({ covariates }) => 'age' in covariates && 'sex' in covariates)).toBe(true);
  expect(cohort.checks.map(({ code }) => code)).toEqual(['byte-order-mark']);
});

test('a patient of it is read: 650 x 650, HU of the brain window', async () => {
  const cohort = await readCohort(folder);
  const study = cohort.studies.find((own) => patientKey(own) === 'ct-ich/51');
  const read = await readCohortStudy(study!);
  if (read.kind === 'refused') throw new Error(read.checks[0]?.text);
  const { hu, ...shape } = read.volume;
  expect(shape).toMatchObject({ slices: 32, rows: 650, columns: 650 });
  const [low, high] = hu.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)] as const, [0, 0] as readonly [
    number,
    number,
  ]);
  expect([low, high]).toEqual([-20, 100]);
});
