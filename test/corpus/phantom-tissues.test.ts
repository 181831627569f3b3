import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { createPhantom } from '../../src/phantom/index.ts';
import { readStudy } from '../../src/service/index.ts';
import { ctIchVolume } from '../support/ct-ich-volume.ts';
import { measureTissues, type TissueMeasures } from '../support/tissue-measures.ts';

/** See CONTRIBUTING.md, "Slower checks". */
const corpus = path.resolve(process.env.ICHOR_CORPUS ?? '../shared/data');
/** Without hemorrhage by their labels, and of differing age. */
const CT_ICH_NORMALS = ['051', '052', '053', '054', '055', '060'];
const PHANTOM_SEEDS = [1, 2, 3, 4, 5, 6];

/** How far the mean over phantoms may lie from the mean over real scans. */
const TOLERANCES = { tenthHu: 5, medianHu: 4, ninetiethHu: 5, noiseHu: 1 } as const;
/** Of single phantoms beyond the smallest and largest of the real scans. */
const BEYOND_HU = 3;
const BONE_TOLERANCE_HU = 200;

let real: TissueMeasures[];
let ge: TissueMeasures;
let phantoms: TissueMeasures[];

beforeAll(async () => {
  if (!existsSync(corpus)) throw new Error(`the real scans are not at ${corpus}: set ICHOR_CORPUS to it`);
  const { volume } = await readStudy(path.join(corpus, 'ge-head-tilted'));
  ge = measureTissues(volume, volume.geometry.pixelSpacingMm.row);
  const normals = CT_ICH_NORMALS.map(async (patient) =>
    // The pixel spacing is not published; a head of ordinary size fills the picture at about this one.
    measureTissues(await ctIchVolume(path.join(corpus, 'ct-ich', 'images', patient)), 0.4),
  );
  real = [ge, ...(await Promise.all(normals))];
  phantoms = PHANTOM_SEEDS.map((seed) => {
    const phantom = createPhantom({ seed, bleeds: [] });
    return measureTissues(phantom.volume, phantom.volume.geometry.pixelSpacingMm.row);
  });
});

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test.each(Object.entries(TOLERANCES))('%s: phantoms as real heads, within %d HU', (name, tolerance) => {
  const of = (all: readonly TissueMeasures[]) => all.map((m) => m[name as keyof TissueMeasures]);
  const difference = mean(of(phantoms)) - mean(of(real));
  expect(Math.abs(difference), `phantoms ${of(phantoms)}, real ${of(real)}`).toBeLessThan(tolerance);
  expect(Math.min(...of(phantoms))).toBeGreaterThan(Math.min(...of(real)) - BEYOND_HU);
  expect(Math.max(...of(phantoms))).toBeLessThan(Math.max(...of(real)) + BEYOND_HU);
});

test('bone of phantoms as bright as the one real head that shows it at full range', () => {
  expect(Math.abs(mean(phantoms.map((m) => m.boneHu)) - ge.boneHu)).toBeLessThan(BONE_TOLERANCE_HU);
});
