import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  openModel,
  type PredictInputsOptions,
  predictInputs,
  predictStudies,
  readStudies,
  readStudy,
} from '../src/service/index.ts';
import { collected } from './support/collected.ts';
import { headFiles } from './support/dicom-series.ts';
import { fakeModel } from './support/fake-model.ts';
import { niftiBytes } from './support/nifti-file.ts';

let place: string;
let out: string;
beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-service-'));
  out = path.join(place, 'out');
  await mkdir(out);
});
afterEach(() => rm(place, { recursive: true }));

const HEAD = niftiBytes();
async function placeFile(name: string, content: string | Uint8Array = HEAD): Promise<string> {
  const file = path.join(place, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function stepsOf(inputs: readonly string[], options: Partial<PredictInputsOptions> = {}) {
  return collected(predictInputs(inputs, { model: fakeModel(), out, ...options }));
}

const filesIn = async (folder: string) => (await readdir(path.join(out, folder), { recursive: true })).sort();
const cellsOf = (line: string): string[] => line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? [];
const cells = async (file: string, column: string): Promise<(string | undefined)[]> => {
  const lines = (await readFile(path.join(out, file), 'utf8')).trim().split('\r\n');
  const [header, ...rows] = lines.map(cellsOf);
  const index = (header ?? []).indexOf(column);
  return rows.map((row) => row[index]);
};

test('studies from bytes: accepted, refused with their checks, failed; the next one is read all the same', async () => {
  const files = [
    ...headFiles({ studyUid: '1.2.3' }),
    ...headFiles({ studyUid: '1.2.4', slices: 2, name: 'few' }),
  ];
  const read = await collected(readStudies(files));
  expect(read.map(({ kind }) => kind)).toEqual(['accepted', 'refused']);
  const model = fakeModel(({ study }) => {
    if (study.name === '1.2.3') throw new Error('no memory');
  });
  const predicted = await collected(predictStudies(files, { model }));
  expect(predicted).toMatchObject([
    { kind: 'failed', study: { studyInstanceUid: '1.2.3' }, code: 'unexpected', reason: 'no memory' },
    { kind: 'refused', study: { studyInstanceUid: '1.2.4' }, code: 'too-few-slices' },
  ]);
});

test('a damaged zip is refused with its check, and so is a place that is not there', async () => {
  const zip = await placeFile('broken.zip', 'PK\u0003\u0004 and no more');
  const [outcome] = await collected(readStudies(zip));
  expect(outcome).toMatchObject({ kind: 'refused', code: 'zip-corrupt' });
  expect(outcome?.kind === 'refused' && outcome.checks).toEqual([
    { severity: 'refused', code: 'zip-corrupt', text: expect.stringContaining('broken.zip') },
  ]);
  const [missing] = await collected(readStudies(path.join(place, 'nowhere')));
  expect(missing).toMatchObject({
    kind: 'refused',
    code: 'path-missing',
    checks: [{ code: 'path-missing' }],
  });
});

test('an abort in the middle ends with the one error, whatever the reason', async () => {
  const stop = new AbortController();
  const model = fakeModel(() => stop.abort('enough'));
  const { signal } = stop;
  const files = [...headFiles({ studyUid: '1.2.3' }), ...headFiles({ studyUid: '1.2.4', name: 'other' })];
  const studies = predictStudies(files, { model, signal });
  // The study under way ends, what follows it does not begin
  expect((await studies.next()).value).toMatchObject({ kind: 'predicted', study: { name: '1.2.3' } });
  const aborted = { code: 'aborted', cause: 'enough' };
  await expect(studies.next()).rejects.toMatchObject(aborted);
  await expect(collected(readStudies(place, { signal }))).rejects.toMatchObject(aborted);
  await expect(readStudy(place, { signal })).rejects.toMatchObject(aborted);
  await expect(openModel({ signal })).rejects.toMatchObject(aborted);
  await expect(stepsOf([place], { signal })).rejects.toMatchObject(aborted);
});

test('two files of one name keep a folder each, in any order, and in every run the same', async () => {
  const inputs = [await placeFile('a/head.nii'), await placeFile('b/head.nii')];
  await stepsOf(inputs);
  await stepsOf(inputs.toReversed());
  expect(await cells('summary.csv', 'folder')).toEqual(['head-2', 'head']);
  expect(await cells('summary.csv', 'input')).toEqual(inputs.toReversed());
  const both = await stepsOf([place], { skipExisting: true });
  expect(both).toEqual([
    { outcome: 'skipped', input: place, studyName: 'a/head.nii' },
    { outcome: 'skipped', input: place, studyName: 'b/head.nii' },
  ]);
});

test('each run keeps its own summary; that of the folder is of all studies', async () => {
  const [one, two] = [await placeFile('one.nii'), await placeFile('two.nii')];
  await stepsOf([one]);
  await stepsOf([two]);
  expect(await cells('summary.csv', 'input')).toEqual([one, two]);
  const runs = (await filesIn('runs')).filter((name) => name.endsWith('.csv'));
  expect(runs.every((name) => /^\d{8}T\d{6}Z-[0-9a-f]{4}\.csv$/.test(name))).toBe(true);
  const inputs = await Promise.all(runs.map((name) => cells(`runs/${name}`, 'input')));
  expect(inputs.flat().sort()).toEqual([one, two]);
  const [page = ''] = (await filesIn('runs')).filter((name) => name.endsWith('.html'));
  expect(await readFile(path.join(out, 'runs', page), 'utf8')).toMatch(
    /<a href="\.\.\/(one|two)\/report\.html">/,
  );
});

/** One process that predicts, as two commands at once on one folder would be. */
const PROCESS = `
  const [out, ...inputs] = process.argv.slice(1);
  const { predictInputs } = await import('${new URL('../src/service/index.ts', import.meta.url)}');
  const { fakeModel } = await import('${new URL('support/fake-model.ts', import.meta.url)}');
  for await (const { outcome } of predictInputs(inputs, { model: fakeModel(), out })) console.log(outcome);`;
const inProcess = async (inputs: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    PROCESS,
    out,
    ...inputs,
  ]);
  return stdout;
};

test('two processes at once on one folder: every study has its folder, and the summary has them all', async () => {
  const names = Array.from({ length: 6 }, (_, i) => `${i}/head.nii`);
  const inputs = await Promise.all(names.map((name) => placeFile(name)));
  const told = await Promise.all([inProcess(inputs.slice(0, 3)), inProcess(inputs.slice(3))]);
  expect(told).toEqual(Array(2).fill('predicted\n'.repeat(3)));
  expect((await cells('summary.csv', 'input')).toSorted()).toEqual(inputs);
  expect(new Set(await cells('summary.csv', 'folder')).size).toBe(6);
  expect((await readdir(path.join(out, 'runs'))).length).toBe(4);
  expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('the lock of a process that was killed does not last', async () => {
  const lock = path.join(out, '.ichor-lock');
  await mkdir(lock);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(lock, longAgo, longAgo);
  expect(await stepsOf([await placeFile('head.nii')])).toMatchObject([{ outcome: 'predicted' }]);
});

test('a refusal replaces the earlier result, with its pictures and objects, and nothing of others', async () => {
  const study = await placeFile('head.nii');
  await stepsOf([study], { keyImages: true, dicom: true });
  expect(await filesIn('head')).toEqual([
    'dicom',
    'dicom/report.dcm',
    'key-images',
    'key-images/slice-001.png',
    'outcome.json',
    'prediction.json',
    'report.html',
  ]);
  await writeFile(path.join(out, 'head', 'notes.txt'), "a reader's own");
  await stepsOf([study]);
  expect(await filesIn('head')).not.toContain('dicom/report.dcm');
  await writeFile(study, 'damaged');
  const [step] = await stepsOf([study]);
  expect(step).toMatchObject({ outcome: 'refused', row: { folder: 'head' } });
  expect(await filesIn('head')).toEqual(['dicom', 'key-images', 'notes.txt', 'outcome.json']);
  expect(await cells('summary.csv', 'outcome')).toEqual(['refused']);
});

test("a folder that is not Ichor's is left alone", async () => {
  const study = await placeFile('out/bad/notes.txt', 'no image');
  const [step] = await stepsOf([path.dirname(study)]);
  expect(step).toMatchObject({ outcome: 'refused', row: { folder: 'bad-2' } });
  expect(await filesIn('bad')).toEqual(['notes.txt']);
});

test('what was predicted by this model at this operating point is skipped, and nothing else', async () => {
  const [one, two] = [await placeFile('one.nii'), await placeFile('two.nii', 'damaged')];
  await stepsOf([one, two]);
  const outcomes = async (options: Partial<PredictInputsOptions>) =>
    (await stepsOf([one, two], { skipExisting: true, ...options })).map(({ outcome }) => outcome);
  expect(await outcomes({})).toEqual(['skipped', 'refused']);
  expect(await outcomes({ operatingPoint: 0.3 })).toEqual(['predicted', 'refused']);
  expect(await outcomes({ model: { ...fakeModel(), sha256: '1'.repeat(64) } })).toEqual([
    'predicted',
    'refused',
  ]);
});

test('a stop leaves both summaries of what was done', async () => {
  const inputs = await Promise.all(['one.nii', 'two.nii', 'three.nii'].map((name) => placeFile(name)));
  const stop = new AbortController();
  let studies = 0;
  const model = fakeModel(() => (++studies === 2 ? stop.abort() : undefined));
  await expect(stepsOf(inputs, { model, signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
  expect(await cells('summary.csv', 'input')).toEqual(inputs.slice(0, 2));
  const [page = ''] = (await filesIn('runs')).filter((name) => name.endsWith('.html'));
  expect(await readFile(path.join(out, 'runs', page), 'utf8')).toContain('ended before its last study');
});
