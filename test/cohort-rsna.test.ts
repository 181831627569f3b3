/** RSNA 2019 in its published form: labels by image, images without order, each fault of the distribution. */
import { appendFile, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readCohort, readCohortStudy } from '../src/cohort/index.ts';
import { createPlaces } from './support/places.ts';
import { rsnaImage, rsnaRows, writeRsna } from './support/rsna-2019.ts';

const place = createPlaces('rsna');
const STUDY = { study: 'ID_0abcd12345', patient: 'ID_00ff00ff', positive: bleedAt(3) };
const OTHER = { study: 'ID_77aa012345', patient: 'ID_00ff00ff', positive: bleedAt(9) };

function bleedAt(place: number) {
  return (slice: number) => (slice === place ? ['any', 'subdural'] : []);
}

const imagePath = (folder: string, slice: number) =>
  path.join(folder, 'stage_2_train', `${rsnaImage(STUDY.study, slice)}.dcm`);

test('images are sorted into studies by their headers and into order by their positions', async () => {
  const folder = await place();
  await writeRsna(folder, [STUDY, OTHER]);
  const cohort = await readCohort(folder);
  expect(cohort.checks).toEqual([]);
  expect(cohort.studies.map(({ study, patient }) => [study, patient])).toEqual([
    [STUDY.study, STUDY.patient],
    [OTHER.study, OTHER.patient],
  ]);
  const read = await readCohortStudy(cohort.studies[0]!);
  expect(read.kind === 'read' && read.slices?.map((labels) => Number(labels.subdural)).join('')).toBe(
    '000100000000',
  );
});

test('an image whose six rows are there twice is named and taken once; a label twice and unlike refuses its study', async () => {
  const folder = await place();
  const image = rsnaImage(STUDY.study, 3);
  await writeRsna(
    folder,
    [STUDY, OTHER],
    [...rsnaRows(image, ['any', 'subdural']), `${rsnaImage(OTHER.study, 0)}_any,1`],
  );
  const cohort = await readCohort(folder);
  expect(cohort.checks.map(({ code }) => code)).toEqual([
    'double-rows',
    'contradicting-rows',
    'labels-incomplete',
  ]);
  expect(cohort.checks[0]?.text).toContain(image);
  expect(cohort.studies.map(({ study }) => study)).toEqual([STUDY.study]);
});

test('short pixel data: the slice is left out by name, the others keep their own labels', async () => {
  const folder = await place();
  await writeRsna(folder, [STUDY]);
  const file = imagePath(folder, 2);
  const whole = await readFile(file);
  await truncate(file, whole.length - 1000);
  const read = await readCohortStudy((await readCohort(folder)).studies[0]!);
  expect(read.kind === 'read' && read.slices?.map((labels) => Number(labels.subdural)).join('')).toBe(
    '00100000000',
  );
  const codes = read.checks.map(({ code }) => code);
  expect(codes).toContain('slice-left-out');
  expect(read.checks.find(({ code }) => code === 'slice-left-out')?.text).toContain(path.basename(file));
  expect(codes).toContain('file-unreadable');
});

test('missing rows, missing images, images without a label, files that are no DICOM', async () => {
  const folder = await place();
  await writeRsna(folder, [STUDY, OTHER], ['ID_fffffffff_any,0', ...rsnaRows('ID_eeeeeeeee', [])]);
  await rename(imagePath(folder, 0), path.join(folder, 'stage_2_train', 'ID_123456789.dcm'));
  await writeFile(imagePath(folder, 11), 'no DICOM');
  const cohort = await readCohort(folder);
  expect(cohort.checks.map(({ code }) => code)).toEqual([
    'labels-incomplete',
    'images-unlabelled',
    'images-missing',
    'image-unreadable',
  ]);
  expect(cohort.checks[2]?.text).toContain('3 of 26');
  expect(cohort.studies.map(({ slices }) => slices?.length)).toEqual([10, 12]);
});

test('unsigned 12-bit values without an offset cannot be HU: the study is refused', async () => {
  const folder = await place();
  const attributes = { BitsStored: 12, HighBit: 11, RescaleIntercept: '0' };
  await writeRsna(folder, [{ ...STUDY, attributes }, OTHER]);
  const cohort = await readCohort(folder);
  expect(cohort.checks).toMatchObject([
    { code: 'intercept-doubtful', severity: 'refused', study: STUDY.study },
  ]);
  expect(cohort.studies.map(({ study }) => study)).toEqual([OTHER.study]);
});

test('"any" that denies a subtype is counted and kept as given', async () => {
  const folder = await place();
  await writeRsna(folder, [{ ...STUDY, positive: (slice) => (slice === 1 ? ['epidural'] : []) }]);
  const cohort = await readCohort(folder);
  expect(cohort.checks.map(({ code }) => code)).toEqual(['labels-contradict']);
  expect(cohort.studies[0]?.slices?.[1]).toMatchObject({ anyHemorrhage: false, epidural: true });
});

test('a row of another form is refused by its line', async () => {
  const folder = await place();
  await writeRsna(folder, [STUDY]);
  await appendFile(path.join(folder, 'stage_2_train.csv'), 'ID_1_bleed,1\n');
  await expect(readCohort(folder)).rejects.toThrow(
    'line 74: ID is "ID_1_bleed"; expected ID_<image>_<class>',
  );
});
