import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { at } from '../../base/index.ts';
import { readText } from '../../files/index.ts';
import { cohortPhantoms } from '../cohort/cohort-phantoms.ts';
import { readPhantomCohort } from '../cohort/cohort-settings.ts';
import { TRAINING_COHORT } from './write-cohort.ts';
import { writePhantomStudy } from './write-study.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-phantom-study-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('slices of the phantom that was here before go, other files stay; what is there whole is not made again', async () => {
  const cohort = readPhantomCohort(await readText(TRAINING_COHORT), TRAINING_COHORT);
  const options = at(cohortPhantoms({ ...cohort, subjects: 1 }), 0);
  const dicom = path.join(folder, 'dicom');
  await mkdir(dicom);
  for (const name of ['IM0001', 'IM0099', 'notes.txt']) await writeFile(path.join(dicom, name), 'before');
  const { slices } = await writePhantomStudy({ folder, options });
  const names = Array.from({ length: slices }, (_, i) => `IM${String(i + 1).padStart(4, '0')}`);
  expect((await readdir(dicom)).sort()).toEqual([...names, 'notes.txt']);
  const { mtimeMs } = await stat(path.join(dicom, 'IM0001'));
  await writePhantomStudy({ folder, options });
  expect((await stat(path.join(dicom, 'IM0001'))).mtimeMs).toBe(mtimeMs);
});
