import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { predictionSchema, readStudy } from '../src/index.ts';
import { writePhantomStudy } from './support/phantom-study.ts';
import { withoutProgress } from './support/told.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const bundled = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
let place: string;
let studyFolder: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-cli-'));
  studyFolder = path.join(place, 'good');
  await writePhantomStudy(studyFolder);
});
afterAll(() => rm(place, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const ichorWith = ({ stdin = '', ...options }: Surroundings, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const settings = { cwd: place, ...options };
    const child = execFile(process.execPath, [main, ...args], settings, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end(stdin);
  });

/** The command as a user runs it. */
const ichor = (...args: string[]): Promise<Ended> => ichorWith({}, args);

test('good and bad studies in one batch: all are rows, the good one has its report, exit 3', async () => {
  const bad = path.join(place, 'bad');
  await mkdir(bad);
  await writeFile(path.join(bad, 'notes.txt'), 'no image');
  const out = path.join(place, 'out');
  const { code, stdout, stderr } = await ichor('predict', studyFolder, bad, '--out', out);
  expect({ code, stderr }).toMatchObject({ code: 3 });
  expect(stderr).toMatch(/bad: refused: notes.txt is not a DICOM or NIfTI study/);
  const [, folder] = /Report: .*\/([^/]+)\/report\.html/.exec(stdout) ?? [];
  const prediction = JSON.parse(await readFile(path.join(out, folder as string, 'prediction.json'), 'utf8'));
  expect(predictionSchema.parse(prediction).anyHemorrhage.positive).toBe(true);
  expect(await readFile(path.join(out, folder as string, 'report.html'), 'utf8')).toContain(
    'Research use only',
  );
  expect(await readFile(path.join(out, 'summary.csv'), 'utf8')).toMatch(/bad/);
});

test('--json: one line a prediction on stdout and nothing else; the same input gives the same numbers', async () => {
  const first = await ichor(
    'predict',
    studyFolder,
    '--json',
    '--no-heat-maps',
    '--out',
    path.join(place, 'a'),
  );
  const again = await ichor(
    'predict',
    studyFolder,
    '--json',
    '--no-heat-maps',
    '--out',
    path.join(place, 'b'),
  );
  const numbers = ({ stdout }: Ended) => {
    const { timingsMs: _, peakMemoryBytes: __, ...rest } = predictionSchema.parse(JSON.parse(stdout));
    return rest;
  };
  expect(first.stdout.trim().split('\n')).toHaveLength(1);
  expect(numbers(again)).toEqual(numbers(first));
  expect(first.stdout + first.stderr).not.toMatch(/PHANTOM\^/);
});

test('a missing path: exit 2; an empty folder: exit 3; each in one line', async () => {
  const missing = await ichor('predict', path.join(place, 'nowhere'), '--out', path.join(place, 'c'));
  expect(missing.code).toBe(2);
  expect(missing.stderr.trim().split('\n')).toHaveLength(1);
  const empty = path.join(place, 'empty');
  await mkdir(empty);
  const refused = await ichor('predict', empty, '--out', path.join(place, 'c'));
  expect(refused.code).toBe(3);
  expect(refused.stderr.trim().split('\n')).toHaveLength(1);
});

test('a list from standard input: a missing path and a broken zip are refused with their checks, exit 3', async () => {
  const zip = path.join(place, 'broken.zip');
  await writeFile(zip, 'PK\u0003\u0004 and no more');
  const missing = path.join(place, 'nowhere');
  const { code, stdout, stderr } = await ichorWith({ stdin: `${zip}\r\n\n${missing}\n` }, [
    'predict',
    '--list',
    '-',
    '--json',
    '--out',
    path.join(place, 'listed'),
  ]);
  expect({ code, stderr }).toMatchObject({ code: 3 });
  expect(stderr.trim().split('\n').at(-1)).toBe('0 predicted, 2 refused, 0 failed.');
  const lines = stdout.trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    {
      input: zip,
      outcome: 'refused',
      code: 'zip-corrupt',
      checks: [{ code: 'zip-corrupt', severity: 'refused' }],
    },
    { input: missing, outcome: 'refused', code: 'path-missing', checks: [{ code: 'path-missing' }] },
  ]);
});

test("in cron's environment: no home, no terminal, a short path, nothing on standard input", async () => {
  const out = path.join(place, 'cron');
  const env = { PATH: '/usr/bin:/bin' };
  const { code, stdout, stderr } = await ichorWith({ env, cwd: '/' }, ['predict', studyFolder, '--out', out]);
  expect({ code, told: withoutProgress(stderr) }).toEqual({ code: 0, told: '' });
  expect(stdout.trim().split('\n').at(-1)).toBe('1 predicted, 0 refused, 0 failed.');
  expect(await readdir(out)).toEqual(expect.arrayContaining(['runs', 'summary.csv', 'summary.html']));
});

test('a model of another kind, and a place that cannot be written to: one clear line each', async () => {
  const model = path.join(place, 'x.onnx');
  await writeFile(model, 'no model');
  const wrong = await ichor('predict', studyFolder, '--model', model);
  expect(wrong.code).toBe(3);
  expect(wrong.stderr).toMatch(/x\.onnx.*expected a model file of Ichor/);
  const file = path.join(place, 'file');
  await writeFile(file, '');
  const unwritable = await ichor('predict', studyFolder, '--no-heat-maps', '--out', path.join(file, 'below'));
  expect(unwritable.code).not.toBe(0);
  expect(unwritable.stderr.trim().split('\n')).toHaveLength(1);
});

test('wrong usage: exit 2 and a hint', async () => {
  const { code, stderr } = await ichor('predict', studyFolder, '--operating-point', '7');
  expect(code).toBe(2);
  expect(stderr).toMatch(/--operating-point/);
});

test.each(['info', 'export', 'quantize', 'compare', 'calibrate'])(
  'wrong usage of model %s: exit 2',
  async (name) => {
    const { code, stderr } = await ichor('model', name, '--no-such-option');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^error: /) });
  },
);

test.each([
  ['--network 2d-vgg16 --supervision sub-lab', /--supervision would change nothing in 2d-vgg16/],
  [
    '--network 3d-vgg16 --recurrent-rate-factor 2',
    /--recurrent-rate-factor would change nothing in 3d-vgg16/,
  ],
  ['--network 2d-vgg16 --frozen-epochs 3', /--frozen-epochs would change nothing in 2d-vgg16/],
  [
    '--frozen-epochs 3 --frozen-rate 1e-3',
    /--frozen-epochs and --frozen-rate would change nothing without conv/,
  ],
  ['--frozen-epochs -1', /expected a whole number/],
  ['--seed 2147483648', /expected a whole number from 1 to 2147483647/],
  ['--epochs 10000', /expected a whole number from 1 to 9999/],
  ['--validation-parts 1', /expected 2 parts or more/],
  ['--loss-weights slice=1,subject=', /expected weights from 0 of both levels/],
  ['--loss-weights slice=0,subject=0', /not both 0/],
])('wrong usage of train: %s', async (flags, said) => {
  const { code, stderr } = await ichor('train', '--cohort', 'nowhere', ...flags.split(' '));
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(said) });
});

test('a large seed, weights of the loss and a share for validation are taken', async () => {
  const flags = ['--seed', '20190', '--loss-weights', 'slice=2,subject=0.5', '--validation-parts', '5'];
  const { stderr } = await ichor('train', '--cohort', 'nowhere', ...flags);
  expect(stderr).toMatch(/^ichor: .*nowhere/);
});

test('the bundled model says what it is', async () => {
  const { code, stdout } = await ichor('model', 'info', bundled);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Not a medical device[\s\S]*CC BY 4\.0/);
});

test('a reader that has seen enough is no fault, and ends the command', async () => {
  const child = spawn(process.execPath, [main, 'model', 'info', bundled], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 141, said: '' });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s while studies are predicted: exit %i, one line that says so, a summary, nothing half-written',
  async (signal, expected) => {
    const out = path.join(place, `stopped-${signal}`);
    const child = spawn(process.execPath, [main, 'predict', ...Array(20).fill(studyFolder), '--out', out]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    let studies = 0;
    // After the second study: a summary is of two or more
    child.stdout.on('data', () => {
      if (++studies === 2) child.kill(signal);
    });
    const [code] = await once(child, 'close');
    expect({ code, said }).toMatchObject({ code: expected });
    expect(said.trim().split('\n').at(-1)).toMatch(/^ichor: stopped .*\[aborted\]$/);
    const files = await readdir(out, { recursive: true });
    expect(files.filter((name) => name.endsWith('.partial') || name.includes('probe'))).toEqual([]);
    expect(files.filter((name) => name.endsWith('report.html')).length).toBeLessThan(20);
    expect(files).toContain('summary.csv');
  },
);

test('a report that cannot be written ends the batch: what follows could not be written either', async () => {
  const out = path.join(place, 'blocked');
  const { name } = (await readStudy(studyFolder)).study;
  await mkdir(path.join(out, name, 'report.html'), { recursive: true });
  await writeFile(path.join(out, name, 'prediction.json'), 'of an earlier version');
  const { code, stdout, stderr } = await ichor('predict', studyFolder, studyFolder, '--out', out);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '0 predicted, 0 refused, 0 failed.\n' });
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^ichor: cannot write .*\[path-is-folder\]$/),
  ]);
  expect(await readdir(out)).toEqual([name]);
});
