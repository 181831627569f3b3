import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPhantom, type Phantom, phantomMaskNifti } from '../src/phantom/index.ts';
import { readStudy } from '../src/service/index.ts';
import { sliceHu, type Volume } from '../src/volume/index.ts';
import { writePhantomStudy } from './support/phantom-study.ts';

const run = promisify(execFile);
let folder: string;
let phantom: Phantom;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-phantom-'));
  phantom = await writePhantomStudy(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** In one go: a matcher would look at millions of numbers one by one. */
const sameHu = (a: Volume, b: Volume): boolean =>
  Buffer.from(a.hu.buffer, a.hu.byteOffset, a.hu.byteLength).equals(
    Buffer.from(b.hu.buffer, b.hu.byteOffset, b.hu.byteLength),
  );

test('the files read back as the same HU in the same order, without a warning', async () => {
  const study = await readStudy(folder);
  expect(sameHu(study.volume, phantom.volume)).toBe(true);
  expect(study.volume.geometry.sliceSpacingMm).toBeCloseTo(5, 5);
  expect(study.checks.filter((check) => check.severity !== 'noted')).toEqual([]);
});

test('a validator finds no error in a file', async () => {
  const dciodvfy = '/usr/bin/dciodvfy';
  if (!existsSync(dciodvfy)) throw new Error('dciodvfy is missing: apt-get install dicom3tools');
  const { stderr } = await run(dciodvfy, [path.join(folder, 'IM0012')]);
  expect(stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([]);
});

test('a head is made of what a head is made of', () => {
  const middle = sliceHu(phantom.volume, Math.round(phantom.volume.slices / 2));
  const share = (low: number, high: number) =>
    middle.filter((v) => v >= low && v < high).length / middle.length;
  expect(share(-1200, -900)).toBeGreaterThan(0.3);
  expect(share(15, 55)).toBeGreaterThan(0.2);
  expect(share(300, 2000)).toBeGreaterThan(0.03);
});

test('the mask is where blood is: on labelled slices alone, brighter than the same head without it', () => {
  const healthy = createPhantom({ seed: phantom.seed, bleeds: [], side: 256 });
  expect(healthy.mask.some((value) => value !== 0)).toBe(false);
  const area = phantom.volume.rows * phantom.volume.columns;
  for (const [i, labels] of phantom.slices.entries()) {
    const mask = phantom.mask.subarray(i * area, (i + 1) * area);
    expect(mask.includes(1)).toBe(labels.intraparenchymal);
    if (!labels.intraparenchymal) continue;
    const [with_, without] = [sliceHu(phantom.volume, i), sliceHu(healthy.volume, i)];
    const brighter = with_.map((v, p) => v - (without[p] as number)).filter((_, p) => mask[p] === 1);
    expect(brighter.reduce((sum, v) => sum + v, 0) / brighter.length).toBeGreaterThan(15);
  }
});

test('the mask file holds the mask, voxel by voxel where the images have it', () => {
  const bytes = gunzipSync(phantomMaskNifti(phantom));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const { slices, rows, columns, geometry } = phantom.volume;
  expect([1, 2, 3].map((axis) => view.getInt16(40 + 2 * axis, true))).toEqual([columns, rows, slices]);
  expect(Buffer.from(phantom.mask).equals(bytes.subarray(352))).toBe(true);
  const [column, row, slice] = [10, 20, 3];
  const place = [0, 1, 2].map((axis) => {
    const of = (i: number) => view.getFloat32(280 + 16 * axis + 4 * i, true);
    return of(0) * column + of(1) * row + of(2) * slice + of(3);
  });
  const [x, y, z] = geometry.imagePositionsPatient[slice] as readonly [number, number, number];
  const { pixelSpacingMm } = geometry;
  // NIfTI counts to the right and to the front, DICOM to the left and to the back
  const expected = [-(x + column * pixelSpacingMm.column), -(y + row * pixelSpacingMm.row), z];
  expect(place).toBeAllClose(expected, { absolute: 1e-3 });
});

test('another seed gives another head, the same one the same', () => {
  const again = createPhantom({
    seed: phantom.seed,
    bleeds: [{ subtype: 'intraparenchymal', volumeMl: 30 }],
    side: 256,
  });
  expect(sameHu(again.volume, phantom.volume)).toBe(true);
  expect(sameHu(createPhantom({ seed: 7, bleeds: [], side: 256 }).volume, phantom.volume)).toBe(false);
});
