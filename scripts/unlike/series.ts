import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readCohort, readCohortStudy } from '../../src/cohort/index.ts';
import { frameHu, readDicomObject } from '../../src/dicom/index.ts';
import { createPhantom } from '../../src/phantom/index.ts';
import { readStudy } from '../../src/service/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import { DISTURBANCES, eachSlice, upsideDown } from './disturbed.ts';

/** A series to look at, and the row of the table that it counts in. */
export interface LookedAt {
  readonly row: string;
  volume(): Promise<Volume>;
}

/** The series that the model was trained on, in the order of the cohort. */
export async function trainingSeries(data: string): Promise<LookedAt[]> {
  const { studies } = await readCohort(path.join(data, 'ct-ich'));
  return studies.map((study) => ({
    row: 'the 57 of the training',
    volume: async () => {
      const read = await readCohortStudy(study);
      if (read.kind === 'refused') throw new Error(`${study.study}: ${read.checks[0]?.text}`);
      return read.volume;
    },
  }));
}

/** Of the training's series, those that are disturbed: every eighth. */
const DISTURBED = { first: 3, step: 8 } as const;
const SUBTYPES = ['epidural', 'intraparenchymal', 'subdural', 'subarachnoid'] as const;
const FIRST_SEED = 990_001;

/** Every second of the first eight bleeds; seeds that trained nothing. */
export const phantomSeries = (count: number): LookedAt[] =>
  Array.from({ length: count }, (_, i): LookedAt => {
    const subtype = i % 2 === 0 ? SUBTYPES[i / 2] : undefined;
    const bleeds = subtype === undefined ? [] : [{ subtype }];
    return {
      row: subtype === undefined ? 'phantom without a bleed' : `phantom, ${subtype}`,
      volume: async () => createPhantom({ seed: FIRST_SEED + i, side: 256, bleeds }).volume,
    };
  });
/** Everything else that the measure is shown on. Seeds of the phantoms trained nothing. */
export async function otherSeries(data: string): Promise<LookedAt[]> {
  const training = await trainingSeries(data);
  const some = training.filter((_, i) => i % DISTURBED.step === DISTURBED.first);
  const tilted = async () => (await readStudy(path.join(data, 'ge-head-tilted'))).volume;
  const cranium = async () => (await readStudy(path.join(data, 'cranium', 'cranium_hu.nii.gz'))).volume;
  const phantoms = phantomSeries(8);
  return [
    { row: 'the tilted head of another scanner', volume: tilted },
    { row: 'cranium, slices of 1.5 mm', volume: cranium },
    ...phantoms,
    chestSeries(data),
    ...some.flatMap((one) => disturbed('training', one)),
    ...phantoms.slice(0, 4).flatMap((one) => disturbed('phantom', one)),
    ...disturbed('tilted head', { row: '', volume: tilted }),
  ];
}

/** The same series with front and back exchanged. */
export const turned = ({ row, volume }: LookedAt): LookedAt => ({
  row,
  volume: async () => eachSlice(await volume(), upsideDown),
});

const disturbed = (whose: string, { volume }: LookedAt): LookedAt[] =>
  Object.entries(DISTURBANCES).map(([name, disturb]) => ({
    row: `${name}, ${whose}`,
    volume: async () => disturb(await volume()),
  }));

/** One slice of a chest, thirty times. */
export const chestSeries = (data: string): LookedAt => ({ row: 'a chest', volume: () => chest(data) });

async function chest(data: string): Promise<Volume> {
  const folder = path.join(data, 'dicom-transfer-syntaxes');
  const name = (await readdir(folder)).find((file) => file.endsWith('_1.2.840.10008.1.2.1.dcm'));
  if (name === undefined) throw new Error(`no uncompressed slice of a chest in ${folder}`);
  const object = await readDicomObject(await readFile(path.join(folder, name)), { where: name });
  const slice = await frameHu(object, 0);
  const [slices, side] = [30, Math.sqrt(slice.length)];
  const hu = new Int16Array(slices * slice.length);
  for (let i = 0; i < slices; i++) hu.set(slice, i * slice.length);
  const { geometry } = (await readStudy(path.join(data, 'ge-head-tilted'))).volume;
  return { hu, slices, rows: side, columns: side, geometry };
}
