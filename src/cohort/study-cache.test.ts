import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Volume } from '../volume/index.ts';
import type { LabelledStudy } from './cohort.ts';
import { labelledCohort } from './labelled-cohort.ts';
import { withCache } from './study-cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

const volumeOf = (hu: number): Volume => ({
  hu: Int16Array.of(hu, hu),
  slices: 1,
  rows: 1,
  columns: 2,
  geometry: {
    pixelSpacingMm: { row: 1, column: 1 },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    imagePositionsPatient: [[0, 0, 0]],
    sliceSpacingMm: 5,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  },
});

const imageOf = (place: string): string => path.join(folder, place, 'images', '1.dcm');
async function writeImage(place: string, content: string): Promise<void> {
  await mkdir(path.dirname(imageOf(place)), { recursive: true });
  await writeFile(imageOf(place), content);
  await utimes(imageOf(place), 1, 1);
}

/** As a cohort gives it; whatever its image is, it reads as so many HU. */
function studyOf(place: string, hu: number): LabelledStudy {
  const study = {
    source: 'own',
    patient: place,
    study: 'S/1',
    subject: {},
    covariates: {},
    images: { reader: 'study', paths: [path.dirname(imageOf(place))] },
  } as const;
  const cohort = labelledCohort({ name: place, studies: [study], attribution: '', checks: [] });
  return { ...(cohort.studies[0] as LabelledStudy), load: async () => volumeOf(hu) };
}

const kept = (study: LabelledStudy) => withCache(study, { folder: path.join(folder, 'kept'), form: 'f' });
const huOf = async (study: LabelledStudy): Promise<number[]> => [...(await kept(study).load()).hu];

test('another study of the same key is decoded, not served', async () => {
  for (const place of ['one', 'other']) await writeImage(place, 'alike');
  expect(await huOf(studyOf('one', 10))).toEqual([10, 10]);
  expect(await huOf(studyOf('other', 20))).toEqual([20, 20]);
});

test('a volume is kept until its images change, in time or size', async () => {
  await writeImage('one', 'first');
  expect(await huOf(studyOf('one', 10))).toEqual([10, 10]);
  expect(await huOf(studyOf('one', 20))).toEqual([10, 10]);
  await utimes(imageOf('one'), 2, 2);
  expect(await huOf(studyOf('one', 20))).toEqual([20, 20]);
  await writeImage('one', 'another');
  expect(await huOf(studyOf('one', 30))).toEqual([30, 30]);
  expect(await readdir(path.join(folder, 'kept', 'f', 'own'))).toEqual(['S_2f_1.json', 'S_2f_1.raw']);
});

test('a study that has no fingerprint is known by its name', async () => {
  const { imagesFingerprint: _, ...named } = studyOf('one', 10);
  expect(await huOf(named)).toEqual([10, 10]);
  expect(await huOf({ ...named, load: async () => volumeOf(20) })).toEqual([10, 10]);
});
