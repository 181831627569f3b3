import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AXIAL_RAS, niftiBytes } from '../../test/support/nifti-file.ts';
import type { Volume } from '../volume/index.ts';
import { readBleedMask, refuseOffGrid } from './bleed-mask.ts';
import { labelsOf } from './cohort.ts';
import type { CohortStudy } from './cohort-study.ts';

const SLICES = 30;
const SUBDURAL = 3;
const BLEEDING = 4;
/** Blood on one slice. */
const valueAt = (_i: number, j: number, k: number): number => (k === BLEEDING && j > 40 ? SUBDURAL : 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-mask-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function studyWith(mask: Uint8Array, bleeding = BLEEDING): Promise<CohortStudy> {
  const maskFile = path.join(folder, 'mask.nii');
  await writeFile(maskFile, mask);
  const slices = Array.from({ length: SLICES }, (_, i) => labelsOf({ subdural: i === bleeding }));
  const images = { reader: 'study', paths: [] } as const;
  const subject = labelsOf({ subdural: true });
  return { source: 'own', patient: '1', study: 'a', subject, slices, covariates: {}, images, maskFile };
}

test('a mask that says what the labels say is read', async () => {
  const mask = await readBleedMask(await studyWith(niftiBytes({ valueAt })), 'own/a');
  expect([mask.slices, mask.rows, mask.columns]).toEqual([SLICES, 96, 96]);
  expect(new Set(mask.values)).toEqual(new Set([0, SUBDURAL]));
});

test.each([
  ['another slice is labelled', niftiBytes({ valueAt }), 5, 'mask-mismatch', /own\/a: slice 5 .* subdural/],
  [
    'a value is no subtype',
    niftiBytes({ valueAt: () => 6 }),
    BLEEDING,
    'mask-value',
    /own\/a: .* voxel of 6/,
  ],
])('refused where %s', async (_what, mask, bleeding, code, message) => {
  const study = await studyWith(mask, bleeding);
  await expect(readBleedMask(study, 'own/a')).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('a mask is held to the labels of the subject where slices have none', async () => {
  const { slices: _, ...study } = await studyWith(niftiBytes({ valueAt }));
  expect((await readBleedMask(study, 'own/a')).slices).toBe(SLICES);
  const other = { ...study, subject: labelsOf({ epidural: true }) };
  await expect(readBleedMask(other, 'own/a')).rejects.toMatchObject({ code: 'mask-mismatch' });
});

test('a mask off the grid of the images is refused: size, place, direction', async () => {
  const mask = await readBleedMask(await studyWith(niftiBytes({ valueAt })), 'own/a');
  const { firstPosition, ...axes } = mask.geometry;
  const positions = Array.from({ length: SLICES }, (_, i) => {
    const [x, y, z] = firstPosition;
    return [x, y, z + 5 * i] as const;
  });
  const geometry = {
    ...axes,
    sliceSpacingMm: 5,
    imagePositionsPatient: positions,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  };
  const volume: Volume = { ...mask, hu: new Int16Array(0), geometry };
  expect(AXIAL_RAS[2][2]).toBe(5);
  refuseOffGrid(mask, volume, 'own/a');
  const refusal = (other: Volume) => () => refuseOffGrid(mask, other, 'own/a');
  expect(refusal({ ...volume, rows: 95 })).toThrow(
    /30 slices of 96 x 96, the images have 30 slices of 95 x 96/,
  );
  const shifted = positions.map(([x, y, z]) => [x + 4, y, z] as const);
  expect(refusal({ ...volume, geometry: { ...geometry, imagePositionsPatient: shifted } })).toThrow(
    /4\.0 mm away/,
  );
  const turned: Volume['geometry'] = { ...geometry, rowDirection: [-1, 0, 0] };
  expect(refusal({ ...volume, geometry: turned })).toThrow(/another direction/);
});
