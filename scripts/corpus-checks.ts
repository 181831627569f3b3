/**
 * npm run test:corpus-checks: reads every scan of ICHOR_CORPUS (../shared/data) that is not a study of its own test, and
 * counts what the reader found, set by set. A refusal ends it with exit code 1: none of these scans calls for one.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'jpeg-js';
import { at, type StudyFile } from '../src/base/index.ts';
import { findStudyFiles } from '../src/files/index.ts';
import { readStudies } from '../src/study/index.ts';
import { fileOf, niftiBytes } from '../test/support/nifti-file.ts';
import { readPheSich } from './external/phe-sich.ts';

const corpus = path.resolve(process.env.ICHOR_CORPUS ?? '../shared/data');

/** CT-ICH: the brain window holds -20 to 100 HU, the bone window what lies beyond (README of the data). */
const huOf = (brain: number, bone: number): number => {
  const hu = -20 + (brain * 120) / 255;
  return brain > 0 && brain < 255 ? hu : -900 + (bone * 3200) / 255;
};

/** A patient's slices that both windows have, as one NIfTI file. */
async function bothWindows(patient: string): Promise<StudyFile> {
  const [brain, bone] = [
    path.join(corpus, 'ct-ich/images', patient),
    path.join(corpus, 'ct-ich-bone', patient),
  ];
  const inBoth = new Set(await readdir(bone));
  const names = (await readdir(brain)).filter((name) => inBoth.has(name)).sort();
  const picture = async (folder: string, name: string) => decode(await readFile(path.join(folder, name)));
  const slices: Int16Array[] = [];
  let [width, height] = [0, 0];
  for (const name of names) {
    const [soft, hard] = [await picture(brain, name), await picture(bone, name)];
    ({ width, height } = soft);
    slices.push(
      Int16Array.from({ length: width * height }, (_, i) => huOf(at(soft.data, 4 * i), at(hard.data, 4 * i))),
    );
  }
  const bytes = niftiBytes({
    sizes: [width, height, slices.length],
    transformation: [
      [-0.4, 0, 0, 0.2 * width],
      [0, -0.4, 0, 0.2 * height],
      [0, 0, 5, 0],
    ],
    valueAt: (column, row, slice) => at(at(slices, slice), row * width + column),
  });
  return fileOf(`${patient}.nii`, bytes);
}

/** Each set's studies, made when they are read. */
const SETS: Readonly<Record<string, () => Promise<readonly (() => Promise<readonly StudyFile[]>)[]>>> = {
  'ct-ich in both windows': async () =>
    (await readdir(path.join(corpus, 'ct-ich-bone')))
      .filter((name) => /^\d+$/.test(name))
      .map((patient) => async () => [await bothWindows(patient)]),
  'phe-sich': async () =>
    (await readPheSich(path.join(corpus, 'phe-sich'))).map(({ study }) => async () => [await study()]),
  'ge-head-tilted, cranium': async () =>
    ['ge-head-tilted', 'cranium/cranium_hu.nii.gz'].map(
      (name) => () => findStudyFiles(path.join(corpus, name)),
    ),
};

for (const [name, studies] of Object.entries(SETS)) {
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const study of await studies())
    for await (const outcome of readStudies(await study())) {
      count(outcome.kind);
      for (const { code, severity } of outcome.checks) if (severity !== 'noted') count(`${severity} ${code}`);
    }
  console.log(`${name}: ${[...counts].map(([what, times]) => `${times} ${what}`).join(', ')}`);
  if (counts.has('refused')) process.exitCode = 1;
}
