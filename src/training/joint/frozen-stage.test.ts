import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../base/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { readWeights } from '../weights-file.ts';
import { floatsOf } from './adam.ts';
import { trainingGraphs } from './graphs.ts';
import { differencesFromPaper, frozenRateOf, type TrainingSettings } from './settings.ts';
import { startFromRun } from './starting-weights.ts';
import { type TrainOptions, train } from './train.ts';
import { formOf } from './trained-network.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

const ON_HALVES: TrainingSettings = {
  ...TINY_SETTINGS,
  cnn: 'compact-vgg16-128',
  tasks: ['twoType'],
  mostEpochs: 1,
};
const FROZEN: TrainingSettings = {
  ...ON_HALVES,
  frozen: { epochs: 3, copies: 2, rate: 1e-3, thawedRate: 3e-4 },
};

const thawedAt = (thawedRate: number): TrainingSettings => ({
  ...FROZEN,
  schedule: 'constant',
  frozen: { ...FROZEN.frozen, thawedRate },
});

let runtime: Runtime;
let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-frozen-'));
  await train(options('2d', { ...ON_HALVES, network: '2d-vgg16' }));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const options = (
  name: string,
  settings: TrainingSettings,
  changed: Partial<TrainOptions> = {},
): TrainOptions => ({
  runtime,
  settings,
  cohort: tinyCohort(6),
  folder: at(name),
  preparedFolder: at('prepared'),
  resume: false,
  ...changed,
});

const trained = async (name: string, settings = FROZEN, changed: Partial<TrainOptions> = {}) => {
  const start = await startFromRun(at('2d'), settings);
  return train(options(name, { ...settings, startingWeights: start.about }, { start, ...changed }));
};

const logOf = async (name: string) =>
  (await readFile(path.join(at(name), 'log.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; epoch: number; best?: number });

test('in the stage the convolutions stay bit for bit, and what reads them learns', async () => {
  // An epoch whose rate is next to nothing: what the stage gave is what is left
  const { networks } = await trained('resting', thawedAt(1e-30));
  const given = await readWeights(path.join(at('2d'), 'twoType.best.weights'));
  const found = networks.twoType?.weights ?? {};
  const specs = formOf(FROZEN, 'twoType').specs;
  const isSame = (name: string) =>
    Buffer.compare(bytesOf(floatsOf(found[name])), bytesOf(floatsOf(given[name]))) === 0;
  for (const { name, part } of specs) if (part === 'cnn') expect(isSame(name), name).toBe(true);
  expect(isSame('twoType/dense/weights')).toBe(false);
  const log = await logOf('resting');
  expect(log.map(({ kind }) => kind)).toEqual([
    ...Array(3).fill('frozen-epoch'),
    ...Array(4).fill('scan'),
    'epoch',
  ]);
  const text = async (name: string) => `${await readFile(path.join(at('resting'), name))}`;
  expect(await text('progress.html')).toContain('Convolutions frozen: epoch 3 of 3.');
  expect(await text('twoType.frozen.curves.svg')).toContain('twoType: convolutions frozen');
});

test('the best weights are those of the stage where no epoch goes below it', async () => {
  // Far too high a rate after the stage
  const { networks } = await trained('thrown', thawedAt(0.5));
  const log = await logOf('thrown');
  expect(log.at(-1)).toMatchObject({ kind: 'epoch', best: -1 });
  expect(networks.twoType?.best.epoch).toBe(-1);
});

test('stopped in the stage or after it, a run ends with the same weights', async () => {
  const whole = await trained('whole');
  const stoppedAfter = { within: 5, after: 12 };
  for (const [name, scans] of Object.entries(stoppedAfter)) {
    const stop = new AbortController();
    let seen = 0;
    const onProgress = ({ task }: { task: string }) => {
      if (task.includes('convolutions frozen')) seen++;
      if (seen >= scans) stop.abort();
    };
    const stopped = trained(name, FROZEN, { signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const { networks } = await trained(name, FROZEN, { resume: true });
    expect(networks.twoType?.best).toEqual(whole.networks.twoType?.best);
    for (const [parameter, tensor] of Object.entries(whole.networks.twoType?.weights ?? {}))
      expect(floatsOf(networks.twoType?.weights[parameter]), parameter).toEqual(floatsOf(tensor));
    expect((await logOf(name)).filter(({ kind }) => kind === 'frozen-epoch')).toHaveLength(3);
  }
});

test('every network has its reader: what is above the convolutions, and nothing of them', () => {
  for (const network of ['cnn-rnn', '2d-vgg16', '2d-googlenet', '3d-vgg16'] as const) {
    const settings = { ...FROZEN, network };
    const { specs } = formOf(settings, 'fiveType');
    const text = Buffer.from(trainingGraphs(settings, 'fiveType').reader()).toString('latin1');
    for (const { name, part } of specs)
      expect(text.includes(`gradient/${name}`), `${network} ${name}`).toBe(part !== 'cnn');
  }
});

test('its rate falls as a cosine, and from scratch there is no stage to tell of', () => {
  expect([0, 1, 2].map((epoch) => frozenRateOf(FROZEN, epoch))).toEqual([
    1e-3,
    expect.closeTo(7.5e-4, 10),
    expect.closeTo(2.5e-4, 10),
  ]);
  const tells = (startingWeights: string) =>
    differencesFromPaper({ ...FROZEN, startingWeights }).some((text) => text.startsWith('frozen'));
  expect([tells('from scratch'), tells('ImageNet')]).toEqual([false, true]);
});

const bytesOf = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
