import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'jpeg-js';
import { at, type StudyFile, studyFileOf } from '../../src/base/index.ts';
import { findStudyFiles } from '../../src/files/index.ts';
import { createPhantom, phantomDicom } from '../../src/phantom/index.ts';
import type { Volume } from '../../src/volume/index.ts';
import { fileOf, niftiBytes } from '../../test/support/nifti-file.ts';
import { readPheSich } from '../external/phe-sich.ts';
import { DISTURBANCES } from '../unlike/disturbed.ts';

/** Made when it is read: few of them fit into memory together. */
export interface CorpusStudy {
  readonly name: string;
  files(): Promise<readonly StudyFile[]>;
}

/** The sets of a corpus that hold nothing but heads that can be read, and phantoms that are hard to read. */
export const STUDY_SETS: Readonly<Record<string, (corpus: string) => Promise<readonly CorpusStudy[]>>> = {
  'ct-ich in both windows': async (corpus) =>
    (await readdir(path.join(corpus, 'ct-ich-bone')))
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ name, files: async () => [await bothWindows(corpus, name)] })),
  'phe-sich': async (corpus) =>
    (await readPheSich(path.join(corpus, 'phe-sich'))).map(({ patient, study }) => ({
      name: patient,
      files: async () => [await study()],
    })),
  'ge-head-tilted, cranium': (corpus) =>
    Promise.resolve(
      ['ge-head-tilted', 'cranium/cranium_hu.nii.gz'].map((name) => ({
        name,
        files: () => findStudyFiles(path.join(corpus, name)),
      })),
    ),
  phantoms: () =>
    Promise.resolve(
      [...HARD_PHANTOMS].map(([name, altered]) => ({ name, files: () => Promise.resolve(phantom(altered)) })),
    ),
};

/** CT-ICH: the brain window holds -20 to 100 HU, the bone window what lies beyond (README of the data). */
const huOf = (brain: number, bone: number): number => {
  const hu = -20 + (brain * 120) / 255;
  return brain > 0 && brain < 255 ? hu : -900 + (bone * 3200) / 255;
};

/** A patient's slices that both windows have, as one NIfTI file. */
async function bothWindows(corpus: string, patient: string): Promise<StudyFile> {
  const [brain, bone] = [
    path.join(corpus, 'ct-ich/images', patient),
    path.join(corpus, 'ct-ich-bone', patient),
  ];
  const inBoth = new Set(await readdir(bone));
  const names = (await readdir(brain)).filter((name) => inBoth.has(name)).sort();
  const slices = await Promise.all(names.map((name) => slice(path.join(brain, name), path.join(bone, name))));
  const { width, height } = at(slices, 0);
  const bytes = niftiBytes({
    sizes: [width, height, slices.length],
    transformation: [
      [-0.4, 0, 0, 0.2 * width],
      [0, -0.4, 0, 0.2 * height],
      [0, 0, 5, 0],
    ],
    slices: slices.map(({ hu }) => hu),
  });
  return fileOf(`${patient}.nii`, bytes);
}

async function slice(brain: string, bone: string) {
  const soft = decode(await readFile(brain), { useTArray: true });
  const hard = decode(await readFile(bone), { useTArray: true });
  const hu = new Int16Array(soft.width * soft.height);
  for (let i = 0; i < hu.length; i++) hu[i] = huOf(at(soft.data, 4 * i), at(hard.data, 4 * i));
  return { width: soft.width, height: soft.height, hu };
}

/** What metal, a wide field and padding make of a head: HU as a scanner would store them. */
const HARD_PHANTOMS: ReadonlyMap<string, (volume: Volume) => Volume> = new Map([
  ['as it is', (volume) => volume],
  ['a coil with streaks', (volume) => (DISTURBANCES['heavy metal'] ?? unaltered)(volume)],
  ['metal at 30,000 HU', (volume) => replaced(volume, (away) => away < 0.06, 30_000)],
  ['metal that fills a tenth of the field', (volume) => replaced(volume, (away) => away < 0.36, 3071)],
  ['a head of half the width in much air', (volume) => smaller(volume, 2)],
  ...[-1024, -2000, -2048, -3024, -32_768].map(
    (hu) =>
      [
        `padding of ${hu} HU about the circle`,
        (volume: Volume) => replaced(volume, (away) => away > 1, hu),
      ] as const,
  ),
  [
    'half of the field padding of -2000 HU',
    (volume) => replaced(smaller(volume, 2), (away) => away > 0.8, -2000),
  ],
]);

const unaltered = (volume: Volume): Volume => volume;

function phantom(altered: (volume: Volume) => Volume): StudyFile[] {
  const head = createPhantom({ seed: 3, bleeds: [{ subtype: 'intraparenchymal', volumeMl: 30 }], side: 256 });
  return phantomDicom({ ...head, volume: altered(head.volume) }).map(({ name, bytes }) =>
    studyFileOf(name, bytes),
  );
}

/** One value wherever the distance from the middle, in half widths of the field, says so. */
function replaced(volume: Volume, isReplaced: (away: number) => boolean, hu: number): Volume {
  const { rows, columns } = volume;
  return {
    ...volume,
    hu: volume.hu.map((value, i) => {
      const [row, column] = [Math.floor(i / columns) % rows, i % columns];
      return isReplaced(Math.hypot(row - rows / 2, column - columns / 2) / (columns / 2)) ? hu : value;
    }),
  };
}

/** The same head in a field so many times as wide, of as many pixels: the rest is air. */
function smaller(volume: Volume, times: number): Volume {
  const { rows, columns, geometry } = volume;
  const { row, column } = geometry.pixelSpacingMm;
  const outside = (place: number, size: number) => place < 0 || place >= size;
  return {
    ...volume,
    hu: volume.hu.map((_, i) => {
      const [down, across] = [Math.floor(i / columns) % rows, i % columns];
      const fromRow = Math.round((down - rows / 2) * times + rows / 2);
      const fromColumn = Math.round((across - columns / 2) * times + columns / 2);
      if (outside(fromRow, rows) || outside(fromColumn, columns)) return -1000;
      return at(volume.hu, i - down * columns - across + fromRow * columns + fromColumn);
    }),
    geometry: { ...geometry, pixelSpacingMm: { row: row * times, column: column * times } },
  };
}
