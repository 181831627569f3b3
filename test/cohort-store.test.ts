/** The store: what goes in comes out, the paper's grid is the graph's, a cut import goes on. */
import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as zarr from 'zarrita';
import { createRandom, type ProgressEvent, writeManifest } from '../src/base/index.ts';
import {
  importCohort,
  labelledCohort,
  openStore,
  readCohort,
  storedScans,
  toPaperGrid,
  trainingCohort,
} from '../src/cohort/index.ts';
import { createGraph, input, toOnnx } from '../src/graph/index.ts';
import { findFrame, PREPROCESSING } from '../src/network/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { createPreparation } from '../src/training/index.ts';
import { headFiles, headHu } from './support/dicom-series.ts';
import { createPlaces, writeAll } from './support/places.ts';

const place = createPlaces('store');
const SOFTWARE = 'ichor test';
const NONE = {
  anyHemorrhage: false,
  intraparenchymal: false,
  intraventricular: false,
  subdural: false,
  epidural: false,
  subarachnoid: false,
};

/** Three studies of 12 slices: `a` with slice labels, `b` with the subject's alone, `c` that is not there. */
async function writeCohort(folder: string): Promise<void> {
  const contents: Record<string, Uint8Array> = {};
  for (const study of ['a', 'b']) {
    const attributes = { ExposureTime: '1250', SeriesNumber: undefined, SeriesDescription: '' };
    for (const file of headFiles({
      slices: 12,
      stepMm: 12,
      studyUid: `1.2.${study.charCodeAt(0)}`,
      mark: study.charCodeAt(0),
      attributes,
    }))
      contents[`${study}/${file.path}`] = await file.read();
  }
  const row = { source: 'own', patient: '7', ...NONE };
  const slices = Array.from({ length: 12 }, (_, i) => {
    const bleeds = i === 4 && { subdural: true, anyHemorrhage: true };
    return { ...row, study: 'a', path: 'a', slice: i + 1, age: 61, ...bleeds };
  });
  const { intraventricular: _, ...partly } = row;
  const subjects = [
    { ...partly, patient: '8', study: 'b', path: 'b', epidural: true, anyHemorrhage: true, age: 5 },
    { ...row, patient: '9', study: 'c', path: 'c' },
  ];
  await writeAll(folder, {
    ...contents,
    'manifest.csv': writeManifest([...slices, ...slices.slice(0, 1), ...subjects]),
  });
}

let cohortFolder: string;
let store: string;
beforeAll(async () => {
  cohortFolder = await place();
  store = path.join(await place(), 'store');
  await writeCohort(cohortFolder);
});
let runtime: Awaited<ReturnType<typeof createRuntime>>;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

test('scans, labels and provenance come out as they went in; what is refused is told', async () => {
  const cohort = await readCohort(cohortFolder);
  const told: ProgressEvent[] = [];
  const onProgress = (event: ProgressEvent) => void told.push(event);
  const summary = await importCohort(cohort, store, { software: SOFTWARE, threads: 2, onProgress });
  expect(told.map(({ done, total }) => [done, total])).toEqual([0, 1, 2, 3].map((done) => [done, 3]));
  expect(told.at(-1)?.detail).toMatch(/^\d+ slices\/s$/);
  expect(summary).toMatchObject({ stored: 2, slices: 24, kept: 0 });
  expect(summary.refused).toMatchObject([{ study: 'own/c', checks: [{ code: 'path-missing' }] }]);
  const { scans, load } = await openStore(store);
  expect(scans.map(({ study, patient, slices }) => [study, patient, slices])).toEqual([
    ['own/a', 'own/7', 12],
    ['own/b', 'own/8', 12],
  ]);
  expect(scans[0]?.sliceTargets?.map((row) => row.join(''))[4]).toBe('100100');
  expect(scans[0]?.subjectTargets).toEqual([1, 0, 0, 1, 0, 0]);
  expect(scans[1]?.sliceTargets).toBeUndefined();
  expect(scans[1]?.subjectTargets).toEqual([1, 0, Number.NaN, 0, 1, 0]);
  expect(scans[1]?.labelled).not.toContain('intraventricular');
  const { hu } = await load(0);
  expect(hu).toHaveLength(12 * 256 * 256);
  // 64 x 64 slices of 4 mm: pixel (128, 128) lies between the four middle ones
  expect(hu[6 * 65536 + 128 * 256 + 128]).toBe(headHu(0, 0, 6));
  expect(hu[20 * 256 + 20]).toBe(-1000);
  const [record] = await storedScans(store);
  expect(record?.provenance).toMatchObject({
    files: 12,
    manufacturer: 'TEST',
    model: 'RING',
    exposureMs: 1250,
    ichor: SOFTWARE,
  });
  expect(record?.checks[0]).toMatchObject({ code: 'double-rows' });
  expect(record?.checks[1]?.text).toMatch(/^series sha256:[0-9a-f]{12} \(12 slices\) was read/);
  expect(JSON.stringify(record)).not.toMatch(/SECRET|Secret|1\.2\.97|1\.2\.826/);
});

test('a scan whose labels are refused now leaves the store, and another source’s of that name stays', async () => {
  const own = path.join(await place(), 'one');
  const cohort = await readCohort(cohortFolder);
  const [a] = cohort.studies;
  const studies = [a!, { ...a!, source: 'other', patient: '17' }];
  await importCohort({ ...cohort, studies }, own, { software: SOFTWARE, threads: 1 });
  const doubled = { source: 'own', patient: '7', study: 'a', path: 'a', ...NONE };
  const corrected = await place();
  await writeAll(corrected, {
    'manifest.csv': writeManifest([doubled, { ...doubled, epidural: true, anyHemorrhage: true }]),
  });
  await importCohort(await readCohort(corrected), own, { software: SOFTWARE });
  expect((await storedScans(own)).map(({ study }) => study)).toEqual(['other/a']);
  const again = await importCohort({ ...cohort, studies }, own, { software: SOFTWARE, threads: 1 });
  expect(again).toMatchObject({ stored: 1, kept: 1 });
  const doubles = (await storedScans(own)).map(({ study, checks }) => [
    study,
    checks.filter(({ code }) => code === 'double-rows').length,
  ]);
  expect(doubles).toEqual([
    ['other/a', 0],
    ['own/a', 1],
  ]);
});

test('a trainer gets the same from the store as from the data set, to the rounding of both', async () => {
  const cohort = await readCohort(cohortFolder);
  const [study] = cohort.studies;
  const own = path.join(await place(), 'one');
  await importCohort({ ...cohort, studies: [study!] }, own, { software: SOFTWARE, threads: 1 });
  const preparation = await createPreparation(runtime, await place(), { preprocessing: 'paper' });
  const [stored] = (await trainingCohort(own)).studies;
  const [original] = labelledCohort({ ...cohort, studies: [study!] }).studies;
  const { load: _, storedHu: __, ...described } = stored!;
  expect(original).toMatchObject(described);
  const [fast, slow] = [await preparation.prepared(stored!), await preparation.prepared(original!)];
  const furthest = fast.reduce((most, value, i) => Math.max(most, Math.abs(value - (slow[i] as number))), 0);
  expect([fast.length, slow.length]).toEqual([12 * 65536, 12 * 65536]);
  expect(furthest).toBeLessThan(0.5 + 0.125 + 0.001);
  await preparation.close();
  const cropping = await createPreparation(runtime, await place(), { preprocessing: 'head' });
  await expect(cropping.prepared(stored!)).rejects.toMatchObject({ code: 'store-form' });
  await cropping.close();
});

test('any Zarr reader opens it: one array a scan in one chunk, axes named', async () => {
  const get = (key: string) => readFile(path.join(store, key));
  const array = await zarr.open.v3(zarr.root({ get }).resolve('scans/own/a'), { kind: 'array' });
  expect([array.shape, array.chunks, array.dtype]).toEqual([[12, 256, 256], [12, 256, 256], 'int16']);
  const metadata = JSON.parse(await readFile(path.join(store, 'scans/own/a/zarr.json'), 'utf8'));
  expect(metadata.dimension_names).toEqual(['slice', 'row', 'column']);
  expect(metadata.codecs[1]).toMatchObject({ name: 'blosc', configuration: { shuffle: 'shuffle' } });
});

test('an import that was cut goes on: what is there is kept, a line cut in two is written anew', async () => {
  const cohort = await readCohort(cohortFolder);
  const journal = path.join(store, 'scans.jsonl');
  const lines = (await readFile(journal, 'utf8')).split('\n').filter((line) => !line.includes('"own/b"'));
  await writeFile(journal, lines.join('\n'));
  await appendFile(journal, '{"kind":"scan","study":"own/b","pat');
  const again = await importCohort(cohort, store, { software: SOFTWARE, threads: 1 });
  expect(again).toMatchObject({ stored: 1, kept: 1 });
  expect((await openStore(store)).scans).toHaveLength(2);
  const nothing = await importCohort(cohort, store, { software: SOFTWARE });
  expect(nothing).toMatchObject({ stored: 0, kept: 2 });
});

test('the same images under two patients, copied to two places: both are named and neither is stored', async () => {
  const folder = await place();
  const files = headFiles({ slices: 12, stepMm: 12 });
  const contents: Record<string, Uint8Array> = {};
  for (const copy of ['x', 'y'])
    for (const file of files) contents[`${copy}/${file.path}`] = await file.read();
  const rows = ['x', 'y'].map((name) => ({ source: 'own', patient: name, study: name, path: name, ...NONE }));
  await writeAll(folder, { ...contents, 'manifest.csv': writeManifest(rows) });
  const copies = path.join(folder, 'store');
  const summary = await importCohort(await readCohort(folder), copies, { software: SOFTWARE, threads: 1 });
  expect(summary).toMatchObject({ stored: 0, slices: 0, bytes: 0 });
  expect(summary.refused.map(({ study, checks }) => [study, checks[0]?.code, checks[0]?.text])).toEqual([
    [
      'own/x',
      'images-of-two-patients',
      'study own/x of patient own/x has the same images as study own/y of patient own/y',
    ],
    [
      'own/y',
      'images-of-two-patients',
      'study own/y of patient own/y has the same images as study own/x of patient own/x',
    ],
  ]);
  await expect(openStore(copies)).rejects.toMatchObject({ code: 'store-empty' });
});

test("a patient's code that was corrected is imported again, and is no twin of itself", async () => {
  const folder = await place();
  const contents: Record<string, Uint8Array> = {};
  for (const file of headFiles({ slices: 12, stepMm: 12 })) contents[`x/${file.path}`] = await file.read();
  const corrected = path.join(folder, 'store');
  for (const patient of ['P1', 'P01', 'P01']) {
    const row = { source: 'own', patient, study: 'S1', path: 'x', ...NONE };
    await writeAll(folder, { ...contents, 'manifest.csv': writeManifest([row]) });
    const summary = await importCohort(await readCohort(folder), corrected, {
      software: SOFTWARE,
      threads: 1,
    });
    expect(summary.refused).toEqual([]);
    expect((await openStore(corrected)).scans.map((scan) => scan.patient)).toEqual([`own/${patient}`]);
  }
});

test('labels that changed are imported again', async () => {
  const cohort = await readCohort(cohortFolder);
  const studies = cohort.studies.map((study) => ({
    ...study,
    subject: { ...study.subject, subarachnoid: true },
  }));
  const again = await importCohort({ ...cohort, studies }, store, { software: SOFTWARE, threads: 1 });
  expect(again).toMatchObject({ stored: 2, kept: 0 });
  expect((await openStore(store)).scans[0]?.subjectTargets.at(-1)).toBe(1);
});

test('a path that was corrected is imported again, a data set that was moved is not', async () => {
  const folder = await place();
  const { checks: _, ...cohort } = await readCohort(cohortFolder);
  const [a, b] = cohort.studies.map(({ images }) => images.paths[0] as string) as [string, string];
  const storedFrom = (file: string) => {
    const { slices: _s, ...own } = cohort.studies[0]!;
    const studies = [{ ...own, images: { reader: 'study', paths: [file] } as const }];
    return importCohort({ ...cohort, checks: [], studies }, folder, { software: SOFTWARE, threads: 1 });
  };
  expect(await storedFrom(a)).toMatchObject({ stored: 1, kept: 0 });
  expect(await storedFrom(b)).toMatchObject({ stored: 1, kept: 0 });
  const moved = await place();
  await cp(
    path.dirname(b),
    path.join(moved, path.basename(path.dirname(path.dirname(b))), path.basename(path.dirname(b))),
    {
      recursive: true,
    },
  );
  const there = path.join(moved, ...path.dirname(b).split(path.sep).slice(-2), 'b');
  expect(await storedFrom(there)).toMatchObject({ stored: 0, kept: 1 });
});

test.each(['..', '.', 'ü'.repeat(200)])(
  'a study named %s lies in the store and nowhere else',
  async (study) => {
    const folder = await place();
    const cohort = await readCohort(cohortFolder);
    const { slices: _, ...own } = cohort.studies[0]!;
    await importCohort({ ...cohort, checks: [], studies: [{ ...own, study }] }, path.join(folder, 'store'), {
      software: SOFTWARE,
      threads: 1,
    });
    expect(await readdir(folder)).toEqual(['store']);
    expect((await (await openStore(path.join(folder, 'store'))).load(0)).study).toBe(`own/${study}`);
  },
);

test('an abort stops after the study under way and leaves a store that goes on', async () => {
  const folder = path.join(await place(), 'aborted');
  const cohort = await readCohort(cohortFolder);
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => done > 0 && controller.abort();
  const cut = importCohort(cohort, folder, {
    software: SOFTWARE,
    threads: 1,
    onProgress,
    signal: controller.signal,
  });
  await expect(cut).rejects.toMatchObject({ code: 'aborted' });
  expect(await importCohort(cohort, folder, { software: SOFTWARE })).toMatchObject({ stored: 1, kept: 1 });
});

test('a disk that cannot be written ends the import by name of study and cause', async () => {
  const folder = path.join(await place(), 'blocked');
  await writeAll(folder, { scans: 'a file where a folder should be' });
  await writeFile(path.join(folder, 'zarr.json'), await readFile(path.join(store, 'zarr.json')));
  const blocked = importCohort(await readCohort(cohortFolder), folder, { software: SOFTWARE, threads: 1 });
  await expect(blocked).rejects.toMatchObject({
    code: 'path-not-folder',
    message: expect.stringMatching(/^study own\/a: cannot write /),
  });
});

test('voxels that were damaged, a folder of other things, an empty store: each by name', async () => {
  const chunk = path.join(store, 'scans/own/a/c/0/0/0');
  const whole = await readFile(chunk);
  await writeFile(chunk, whole.subarray(0, whole.length - 9));
  await expect((await openStore(store)).load(0)).rejects.toMatchObject({ code: 'store-corrupt' });
  await expect((await openStore(store)).load(7)).rejects.toMatchObject({ code: 'scan-unknown' });
  await expect(openStore(cohortFolder)).rejects.toMatchObject({ code: 'not-a-store' });
  await expect(readCohort(store)).rejects.toThrow('is a store, which has no original images');
  const cohort = await readCohort(cohortFolder);
  await expect(importCohort(cohort, cohortFolder, { software: SOFTWARE })).rejects.toMatchObject({
    code: 'not-a-store',
  });
  await rm(path.join(store, 'scans.jsonl'));
  await expect(openStore(store)).rejects.toMatchObject({ code: 'store-empty' });
  expect((await readdir(store)).sort()).toEqual(['scans', 'zarr.json']);
});

test.each([
  [512, 512],
  [256, 256],
  [650, 430],
  [100, 640],
])(
  'the stored grid of %i x %i slices is what the network makes of them, to half a Hounsfield unit',
  async (rows, columns) => {
    const random = createRandom(rows);
    const hu = Int16Array.from({ length: 2 * rows * columns }, () => Math.round(random.uniform(-50, 450)));
    const source = input('hu', [2, rows, columns], 'int16');
    const { paper } = PREPROCESSING;
    const prepared = paper.prepare(source, findFrame(source, paper).frame, 256);
    const session = await runtime.load(toOnnx(createGraph('paper', { outputs: { prepared } })));
    const outputs = await session.run({ hu: { element: 'int16', shape: [2, rows, columns], data: hu } });
    await session.close();
    const expected = outputs.prepared?.data as Float32Array;
    const grid = toPaperGrid({ hu, slices: 2, rows, columns });
    let furthest = 0;
    for (let i = 0; i < grid.length; i++) {
      const clipped = Math.max(0, Math.min(500, (grid[i] as number) + 50));
      furthest = Math.max(furthest, Math.abs(clipped - (expected[i] as number)));
    }
    expect(furthest).toBeLessThan(0.501);
  },
);
