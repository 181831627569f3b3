import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dividedCohort } from '../src/cli/index.ts';
import { type Cohort, foldPatients, patientKey, splitPatients } from '../src/cohort/index.ts';
import { tinyCohort } from '../src/training/joint/training-fixture.ts';

const cohort = tinyCohort(12);
const members = cohort.studies.map((study) => ({ patient: patientKey(study), subject: study.subject }));
const split = splitPatients('tiny', members, {
  shares: { training: 0.5, validation: 0.25, test: 0.25 },
  seed: 1,
});
const folds = foldPatients('tiny', members, { count: 3, seed: 1 });
const keys = ({ studies }: Cohort): string[] => studies.map(patientKey).sort();

let folder: string;
const file = (name: string): string => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-split-'));
  await writeFile(file('split.json'), JSON.stringify(split));
  await writeFile(file('folds.json'), JSON.stringify(folds));
});
afterAll(() => rm(folder, { recursive: true }));

test('three parts: the test part is kept apart, the validation patients are those of the file', async () => {
  const divided = await dividedCohort(cohort, { split: [file('split.json')] });
  expect(divided && keys(divided.test)).toEqual([...split.test].sort());
  expect(divided && keys(divided.training)).toEqual([...split.training, ...split.validation].sort());
  expect(divided?.validationPatients?.toSorted()).toEqual([...split.validation].sort());
});

test('a fold is kept apart; without --split there is no division', async () => {
  const divided = await dividedCohort(cohort, { split: [file('folds.json')], fold: 2 });
  expect(divided && keys(divided.test)).toEqual([...(folds.folds[1] ?? [])].sort());
  expect(divided?.training.studies).toHaveLength(8);
  expect(divided?.validationPatients).toBeUndefined();
  expect(await dividedCohort(cohort, {})).toBeUndefined();
});

test('what does not fit is refused by name', async () => {
  const refused = (flags: Parameters<typeof dividedCohort>[1], of = cohort) =>
    expect(dividedCohort(of, flags));
  await refused({ fold: 1 }).rejects.toMatchObject({ code: 'fold-without-folds' });
  await refused({ split: [file('folds.json')], fold: 4 }).rejects.toMatchObject({ code: 'fold-unknown' });
  await refused({ split: [file('folds.json')] }).rejects.toMatchObject({
    code: 'fold-missing',
    message: expect.stringContaining('holds 3 folds: add --fold N'),
  });
  await refused({ split: [file('split.json')] }, tinyCohort(13)).rejects.toMatchObject({
    code: 'patient-unknown',
  });
});
