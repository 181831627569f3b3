import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { findStudyFiles } from '../../src/files/index.ts';
import { type AcceptedStudy, readStudies, readStudy, type StudyOutcome } from '../../src/study/index.ts';
import { sliceHu } from '../../src/volume/index.ts';
import { collected } from '../support/collected.ts';

/** See CONTRIBUTING.md, "Slower checks". */
const corpus = path.resolve(process.env.ICHOR_CORPUS ?? '../shared/data');

beforeAll(() => {
  if (!existsSync(corpus)) {
    throw new Error(`the real scans are not at ${corpus}: set ICHOR_CORPUS to their folder`);
  }
});

async function outcomesOf(name: string): Promise<StudyOutcome[]> {
  return await collected(readStudies(await findStudyFiles(path.join(corpus, name))));
}
const textOf = (study: StudyOutcome, code: string) => study.checks.find((check) => check.code === code)?.text;

test('the tilted GE head: 28 slices in order, the tilt and the steps from geometry', async () => {
  const study: AcceptedStudy = await readStudy(await findStudyFiles(path.join(corpus, 'ge-head-tilted')));
  expect(study.volume).toMatchObject({ slices: 28, rows: 512, columns: 512 });
  expect(study.slices.map((slice) => slice.file)).toEqual(
    Array.from({ length: 28 }, (_, i) => `${String(i + 1).padStart(2, '0')}.dcm`),
  );
  const { geometry } = study.volume;
  expect(geometry.gantryTiltDegrees).toBeCloseTo(18.5, 2);
  expect(textOf(study, 'gantry-tilt')).toBe("gantry tilted by 18.5 degrees, by the slices' positions");
  expect(textOf(study, 'uneven-steps')).toBe(
    'uneven steps from slice to slice: 13 of the steps of 4.22 mm, 1 of 1.14 mm, 13 of 7.38 mm',
  );
  expect(textOf(study, 'mixed-thickness')).toBe('slices of several thicknesses: 14 of 4 mm, 14 of 7 mm');
  expect(study.checks.some((check) => check.severity === 'refused')).toBe(false);
  expect(study.checks.map((check) => check.code)).not.toContain('head-not-evident');
  const heights = geometry.imagePositionsPatient.map((position) => position[2]);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
});

test('the tilted head as HU: air, brain and bone are where they should be', async () => {
  const { volume } = await readStudy(await findStudyFiles(path.join(corpus, 'ge-head-tilted')));
  const hu = sliceHu(volume, 20).toSorted();
  const share = (low: number, high: number) => hu.filter((v) => v >= low && v <= high).length / hu.length;
  expect(share(-1100, -900)).toBeGreaterThan(0.3);
  expect(share(15, 50)).toBeGreaterThan(0.1);
  expect(share(300, 3000)).toBeGreaterThan(0.02);
});

test('the cranium NIfTI: a head by its content, its left side unknown', async () => {
  const [study] = await outcomesOf('cranium/cranium_hu.nii.gz');
  if (study?.kind !== 'accepted') throw new Error(JSON.stringify(study?.checks));
  expect(study.volume).toMatchObject({ slices: 108, rows: 256, columns: 256 });
  expect(study.volume.geometry.orientationKnown).toBe(false);
  expect(study.volume.geometry.sliceSpacingMm).toBeCloseTo(1.5, 6);
  expect(study.checks.map((check) => check.code)).toEqual([
    'orientation-unknown',
    'nifti-reordered',
    'slices-thin',
    'head-by-content',
  ]);
});

test('the chest slice is refused by name', async () => {
  const [study] = await outcomesOf('dicom-transfer-syntaxes/CTImage.dcm');
  expect(study?.kind).toBe('refused');
  expect(study?.checks[0]).toMatchObject({ code: 'other-body-part', severity: 'refused' });
  expect(study?.checks[0]?.text).toContain('Series Description names another body part ("chest")');
});

test('the folder of every transfer syntax: a chest study and a perfusion map, both refused by name', async () => {
  const outcomes = await outcomesOf('dicom-transfer-syntaxes');
  expect(outcomes.map((outcome) => outcome.checks[0]?.code)).toEqual(['other-body-part', 'reformat']);
});
