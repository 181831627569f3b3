import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partsOf } from '../src/cli/index.ts';
import { trainingCohort } from '../src/cohort/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-parts-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function manifest(name: string, ...studies: readonly string[]): Promise<string> {
  const file = path.join(folder, name);
  const rows = studies.map((study) => `own,${study},scans/${study.replace(',', '-')},,1`);
  await writeFile(file, ['source,patient,study,path,slice,anyHemorrhage', ...rows].join('\n'));
  return file;
}

test('a patient, or the key of a study, that is in both cohorts is refused', async () => {
  const cohort = await trainingCohort(await manifest('cohort.csv', 'P1,S1', 'P2,S2'));
  const parts = async (...studies: readonly string[]) =>
    partsOf({ test: await manifest('test.csv', ...studies), seed: 1 }, cohort);
  expect((await parts('T1,S3')).test.studies).toHaveLength(1);
  await expect(parts('P1,S3')).rejects.toMatchObject({ code: 'patient-on-both-sides' });
  await expect(parts('T1,S1')).rejects.toMatchObject({
    code: 'study-on-both-sides',
    message: 'study own/S1 is in --cohort and in --test',
  });
});
