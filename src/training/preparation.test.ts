import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BleedMask, LabelledStudy } from '../cohort/index.ts';
import { createRuntime } from '../runtime/index.ts';
import type { Volume } from '../volume/index.ts';
import { createPreparation } from './preparation.ts';

const [SLICES, ROWS, COLUMNS] = [2, 120, 160];
const BLOOD_HU = 80;
/** A head off the middle, and in it a block of blood nearer to one side. */
const isHead = (row: number, column: number): boolean => Math.hypot((row - 52) / 45, (column - 95) / 38) < 1;
const isBlood = (slice: number, row: number, column: number): boolean =>
  slice === 1 && row >= 30 && row < 44 && column >= 105 && column < 118;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-preparation-'));
});
afterAll(() => rm(folder, { recursive: true }));

function bleedingHead(): { volume: Volume; mask: BleedMask } {
  const hu = new Int16Array(SLICES * ROWS * COLUMNS).fill(-1000);
  const values = new Uint8Array(hu.length);
  for (const i of hu.keys()) {
    const [slice, within] = [Math.floor(i / (ROWS * COLUMNS)), i % (ROWS * COLUMNS)];
    const [row, column] = [Math.floor(within / COLUMNS), within % COLUMNS];
    if (isHead(row, column)) hu[i] = 35;
    if (!isBlood(slice, row, column)) continue;
    hu[i] = BLOOD_HU;
    values[i] = 4;
  }
  const axes = {
    pixelSpacingMm: { row: 1.5, column: 1.5 },
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
  } as const;
  const size = { slices: SLICES, rows: ROWS, columns: COLUMNS };
  const imagePositionsPatient = [[0, 0, 0] as const, [0, 0, 5] as const];
  const geometry = {
    ...axes,
    sliceSpacingMm: 5,
    imagePositionsPatient,
    gantryTiltDegrees: 0,
    orientationKnown: true,
  };
  return {
    volume: { ...size, hu, geometry },
    mask: { ...size, values, geometry: { ...axes, firstPosition: [0, 0, 0] } },
  };
}

test('a prepared mask lies where the blood of the prepared slices is', async () => {
  const runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const preparation = await createPreparation(runtime, folder, { preprocessing: 'head' });
  const { volume, mask } = bleedingHead();
  const study = {
    source: 'own',
    study: 'a',
    load: async () => volume,
    loadMask: async () => mask,
  } as unknown as LabelledStudy;
  const [prepared, found] = [await preparation.prepared(study), await preparation.preparedMask(study)];
  const marked = [...found.keys()].filter((i) => found[i] === 4);
  expect(new Set(found)).toEqual(new Set([0, 4]));
  // HU above -20; a pixel at the block's edge is half blood
  const bright = [...prepared.keys()].filter((i) => (prepared[i] as number) > (BLOOD_HU + 35) / 2 + 20);
  expect(marked.length).toBeGreaterThan(500);
  const both = new Set(bright);
  const agreeing = marked.filter((i) => both.has(i)).length;
  expect(agreeing / marked.length).toBeGreaterThan(0.93);
  expect(agreeing / bright.length).toBeGreaterThan(0.93);
  await preparation.close();
  await runtime.close();
});
