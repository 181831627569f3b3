import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { opinionsCsv, readOpinionsFile } from '../src/evaluation/index.ts';
import { writeFileWhole } from '../src/files/index.ts';
import { createPhantom, type Phantom, phantomDicom } from '../src/phantom/index.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
/** Patients with their part of the split and whether they bleed. */
const PATIENTS = [
  ['1', 'training', true],
  ['2', 'validation', true],
  ['3', 'validation', false],
  ['4', 'test', true],
  ['5', 'test', false],
] as const;
let place: string;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-evaluate-'));
  const rows = ['source,patient,study,path,anyHemorrhage,intraparenchymal,age'];
  const bleed = { subtype: 'intraparenchymal', volumeMl: 40 } as const;
  const [healthy, bleeding] = [[], [bleed]].map((bleeds) => createPhantom({ seed: 21, bleeds, side: 256 }));
  for (const [patient, , bleeds] of PATIENTS) {
    for (const { name, bytes } of phantomDicom((bleeds ? bleeding : healthy) as Phantom))
      await writeFileWhole(path.join(place, 'cohort', patient, name), bytes);
    rows.push(`own,${patient},s${patient},${patient},${bleeds ? '1,1' : '0,0'},${60 + Number(patient)}`);
  }
  await writeFile(path.join(place, 'cohort', 'manifest.csv'), `${rows.join('\n')}\n`);
  const part = (name: string) => PATIENTS.filter(([, own]) => own === name).map(([p]) => `own/${p}`);
  const parts = { training: part('training'), validation: part('validation'), test: part('test') };
  const split = { schema: 'ichor-split-1', cohort: 'own', seed: 1, ...parts };
  await writeFile(path.join(place, 'split.json'), JSON.stringify(split));
  const folds = { schema: 'ichor-folds-1', cohort: 'own', seed: 1, folds: Object.values(parts) };
  await writeFile(path.join(place, 'folds.json'), JSON.stringify(folds));
}, 120_000);
afterAll(() => rm(place, { recursive: true }));

/** The command as a user runs it. */
const ichor = (...args: string[]): Promise<{ code: unknown; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: place }, (error, _, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    );
  });
const judge = (...args: string[]) =>
  ichor('evaluate', '--cohort', 'cohort', '--device', 'cpu', '--replicates', '200', ...args);

test('of a split cohort the test and validation parts are predicted, each as its set; nobody who trained', async () => {
  expect(await judge('--split', 'split.json', '--out', 'split')).toMatchObject({ code: 0 });
  const opinions = await readOpinionsFile(path.join(place, 'split', 'opinions.csv'));
  expect(opinions.studies).toEqual([
    { study: 'own/s2', patient: 'own/2', set: 'validation', covariates: { age: '62', source: 'own' } },
    { study: 'own/s3', patient: 'own/3', set: 'validation', covariates: { age: '63', source: 'own' } },
    { study: 'own/s4', patient: 'own/4', set: 'test', covariates: { age: '64', source: 'own' } },
    { study: 'own/s5', patient: 'own/5', set: 'test', covariates: { age: '65', source: 'own' } },
  ]);
  expect(await readFile(path.join(place, 'split', 'report.html'), 'utf8')).toContain(
    'Research use only. Not a medical device.',
  );
}, 120_000);

test('a site tests the model on its own scans: a page and a file that say which model, at which point, on what', async () => {
  const accepted = ['accept', 'cohort', '--device', 'cpu', '--least-specificity', '0.9', '--out', 'split'];
  expect(await ichor(...accepted)).toMatchObject({ code: 0 });
  const { tested, studies, met } = JSON.parse(
    await readFile(path.join(place, 'split', 'acceptance.json'), 'utf8'),
  );
  expect(tested).toMatchObject({
    model: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    operatingPoint: { name: 'triage' },
    cohort: 'cohort',
  });
  // two without hemorrhage can show no specificity of 0.9
  expect([studies, met]).toEqual([5, false]);
  const page = await readFile(path.join(place, 'split', 'acceptance.html'), 'utf8');
  expect(page).toContain('Not met: specificity at least 0.9: the interval begins at 0.');
  expect(page).toContain(tested.model.sha256);
}, 120_000);

test('of folds, one is the test set; a model file is not calibrated on the two subjects of a part', async () => {
  expect(await judge('--split', 'folds.json', '--fold', '2', '--out', 'fold')).toMatchObject({ code: 0 });
  const { studies } = await readOpinionsFile(path.join(place, 'fold', 'opinions.csv'));
  expect(studies.map(({ study, set }) => [study, set])).toEqual([
    ['own/s2', 'test'],
    ['own/s3', 'test'],
  ]);
  const model = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
  const opinions = path.join('fold', 'opinions.csv');
  const calibrated = await ichor(
    ...['model', 'calibrate', model, '--opinions', opinions, '--set', 'test', '--out', 'calibrated.onnx'],
  );
  expect(calibrated).toMatchObject({ code: 3, stderr: expect.stringContaining('at least 10 of each') });
}, 120_000);

test('labels that were corrected count, predictions that were made are kept, a repaired path is tried again', async () => {
  const manifest = (path5: string, label: number) =>
    [
      'source,patient,study,path,anyHemorrhage,set',
      `own,4,s4,4,${label},told`,
      `own,5,s5,${path5},0,told`,
      '',
    ].join('\n');
  const file = path.join(place, 'cohort', 'two.csv');
  const predicted = async (text: string) => {
    await writeFile(file, text);
    const { code } = await ichor(
      ...['evaluate', '--cohort', 'cohort/two.csv', '--device', 'cpu', '--replicates', '200', '--out', 'two'],
    );
    const lines = (await readFile(path.join(place, 'two', 'predictions.jsonl'), 'utf8')).trim().split('\n');
    return [code, lines.map((line) => 'refused' in JSON.parse(line))];
  };
  expect(await predicted(manifest('nowhere', 0))).toEqual([0, [false, true]]);
  expect(await predicted(manifest('5', 1))).toEqual([0, [false, false]]);
  const { studies, references, excluded } = await readOpinionsFile(path.join(place, 'two', 'opinions.csv'));
  expect([...references.anyHemorrhage]).toEqual([1, 0]);
  expect(excluded).toEqual([]);
  expect(studies[0]?.covariates).toEqual({ 'set (told)': 'told', source: 'own' });
}, 120_000);

test('tables of an earlier evaluation in the folder go, what is not ours stays', async () => {
  const row = (study: string, set: string, p: number) =>
    `${study},${study},anyHemorrhage,${p > 0.5 ? 1 : 0},m,${p},${set}`;
  const header = 'patient,study,class,reference,reader,probability,set';
  const studies = Array.from({ length: 8 }, (_, i) =>
    row(`S${i}`, i < 4 ? 'validation' : 'test', i / 8 + 0.05),
  );
  const other = studies.map((line) => line.replace(',m,', ',n,'));
  await writeFile(path.join(place, 'two-models.csv'), [header, ...studies, ...other].join('\n'));
  await writeFile(path.join(place, 'one-model.csv'), [header, ...studies].join('\n'));
  const run = (csv: string) => ichor('evaluate', csv, '--replicates', '0', '--out', 'again');
  expect(await run('two-models.csv')).toMatchObject({ code: 0 });
  expect(await readdir(path.join(place, 'again', 'tables'))).toContain('model-pairs.csv');
  await writeFile(path.join(place, 'again', 'tables', 'mine.csv'), 'x');
  expect(await run('one-model.csv')).toMatchObject({ code: 0 });
  const left = await readdir(path.join(place, 'again', 'tables'));
  expect(left).not.toContain('model-pairs.csv');
  expect(left).toContain('mine.csv');
}, 60_000);

test('a split without a cohort and a part of nobody are refused by name', async () => {
  const csv = await ichor('evaluate', 'opinions.csv', '--split', 'split.json');
  expect(csv).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--split and --fold divide a --cohort'),
  });
  const nobody = await judge(
    '--split',
    'split.json',
    '--set',
    'tset',
    '--choose-on',
    'tset',
    '--out',
    'none',
  );
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('is in part tset') });
});

test('opinions are read as they were written: what is absent stays so, a covariate may hold a comma', async () => {
  const shared = {
    patient: 'p1',
    study: 's1',
    reader: 'ichor',
    class: 'anyHemorrhage',
    place: 'a, "b"',
  } as const;
  const file = path.join(place, 'own.csv');
  await writeFile(
    file,
    opinionsCsv([
      { ...shared, reference: 1, probability: 0.25 },
      { ...shared, slice: 3, reference: 0, probability: 1e-9 },
      { ...shared, patient: 'p2', study: 's2', reference: 1, excluded: 'not read: no images' },
    ]),
  );
  const { studies, excluded, opinion } = await readOpinionsFile(file);
  expect(studies).toEqual([{ patient: 'p1', study: 's1', set: 'test', covariates: { place: 'a, "b"' } }]);
  expect([...(opinion('ichor', 'anyHemorrhage') ?? [])]).toEqual([0.25, 1e-9]);
  expect(excluded).toEqual([{ patient: 'p2', study: 's2', set: 'test', reason: 'not read: no images' }]);
});
