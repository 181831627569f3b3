import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IchorError, type ProgressEvent, type Runtime, type Tensor } from '../../base/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { gradientName } from '../common/gradients.ts';
import { readWeights } from '../weights-file.ts';
import { readPosition } from './checkpoint.ts';
import type { TrainingSettings } from './settings.ts';
import { type TrainOptions, train } from './train.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-endings-'));
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

/** The smallest network there is. */
const optionsOf = (name: string, changed: Partial<TrainingSettings>): TrainOptions => ({
  runtime,
  settings: {
    ...TINY_SETTINGS,
    network: '2d-googlenet',
    cnn: 'compact-vgg16-128',
    tasks: ['twoType'],
    ...changed,
  },
  cohort: tinyCohort(6),
  folder: path.join(folder, name),
  preparedFolder: path.join(folder, 'prepared'),
  resume: false,
  checkpointSeconds: 0,
});

const bytesOf = (name: string, file: string) => readFile(path.join(folder, name, file));
const pageOf = async (name: string) => `${await bytesOf(name, 'progress.html')}`;

/** After so many steps, a step's results become what is told. */
const changedStep = (
  steps: number,
  change: (found: Record<string, Tensor>, name: string) => Record<string, Tensor>,
): Runtime => ({
  ...runtime,
  load: async (onnx, options) => {
    const session = await runtime.load(onnx, options);
    const { name = '' } = options ?? {};
    let left = steps;
    const run: typeof session.run = async (...given) => {
      const found = await session.run(...given);
      return name.includes('step') && left-- === 0 ? change(found, name) : found;
    };
    return { ...session, run };
  },
});

const shortOfMemory = (steps: number): Runtime =>
  changedStep(steps, (_, name) => {
    throw new IchorError('runtime-out-of-memory', `${name}: not enough memory`);
  });

test('ends when the validation loss has not fallen for as many epochs as told', async () => {
  const still = { rate: 1e-30, schedule: 'constant', patienceEpochs: 2, mostEpochs: 9 } as const;
  const pages: Promise<string>[] = [];
  const onProgress = ({ task }: ProgressEvent) => {
    if (task.startsWith('training')) pages.push(pageOf('patience'));
  };
  const { networks } = await train({ ...optionsOf('patience', still), onProgress });
  expect(await pages[0]).toMatch(/http-equiv="refresh"[\s\S]*<h1>Training 2d-googlenet<\/h1>.*\n.*Goes on/);
  expect(networks.twoType).toMatchObject({ epochs: 3, best: { epoch: 0 }, ended: 'patience' });
});

test('memory that runs out: what to do is told, and the run goes on with a smaller chunk', async () => {
  const settings = { mostEpochs: 1, chunk: 3 };
  const options = optionsOf('memory', settings);
  await expect(train({ ...options, runtime: shortOfMemory(2) })).rejects.toMatchObject({
    code: 'runtime-out-of-memory',
    message: expect.stringMatching(/go on with --chunk below 3.*last checkpoint in .*memory is whole/),
  });
  const seen: number[] = [];
  const { networks } = await train({
    ...options,
    settings: { ...options.settings, chunk: 2 },
    resume: true,
    onProgress: ({ done }) => seen.push(done),
  });
  expect(seen[0]).toBe(3);
  expect(networks.twoType).toMatchObject({ epochs: 1, ended: 'most-epochs' });
  const whole = await train(optionsOf('memory enough', settings));
  expect(networks.twoType?.best.loss).toBeCloseTo(whole.networks.twoType?.best.loss as number, 4);
});

test.each([
  ['a network of whole scans', { network: '3d-vgg16' }],
  ['chunks of one slice', { chunk: 1 }],
] as const)(
  'a graph too large to load: %s are told of a smaller preset, since no chunk helps',
  async (name, changed) => {
    const unloadable: Runtime = {
      ...runtime,
      load: (onnx, options) =>
        options?.name === 'preparation'
          ? runtime.load(onnx, options)
          : Promise.reject(new IchorError('runtime-out-of-memory', `${options?.name}: not enough memory`)),
    };
    await expect(train({ ...optionsOf(name, changed), runtime: unloadable })).rejects.toMatchObject({
      code: 'runtime-out-of-memory',
      message: expect.stringMatching(/not enough memory; take a smaller --preset/),
    });
  },
);

test('a gradient that is not finite is named, and no step is taken by it', async () => {
  const broken = changedStep(1, (found) => {
    const name = Object.keys(found).find((key) => key.startsWith(gradientName(''))) as string;
    const { data, ...rest } = found[name] as Extract<Tensor, { element: 'float32' }>;
    return { ...found, [name]: { ...rest, data: data.map((v, i) => (i === 1 ? Number.NaN : v)) } };
  });
  const options = { ...optionsOf('no number', { chunk: 3, mostEpochs: 1 }), runtime: broken };
  await expect(train(options)).rejects.toMatchObject({
    code: 'training-diverged',
    message: expect.stringMatching(
      /gradient of twoType\/\S+ is not finite after tiny\/subject-.*give --rate/,
    ),
  });
  const page = await pageOf('no number');
  expect(page).toMatch(/Ended by a fault, training-diverged: .*\n.*\n<p>No epoch has ended yet/);
  expect(page).not.toContain('http-equiv="refresh"');
  const checkpoint = path.join(options.folder, 'twoType.checkpoint');
  expect(await readPosition(checkpoint)).toMatchObject({ scans: 1, steps: 1 });
  for (const { data } of Object.values(await readWeights(checkpoint)))
    expect((data as Float32Array).every(Number.isFinite)).toBe(true);
});

test('Ctrl-C writes a checkpoint after the last whole step, also while validating; the run goes on bit for bit', async () => {
  const settings = { scansAStep: 3, chunk: 3 };
  const started = { ...optionsOf('stopped', settings), checkpointSeconds: 9999 };
  /** Stops when so many of the four training scans are done, and gives where the checkpoint stands. */
  const stopAt = async (epoch: number, scans: number, resume: boolean) => {
    const controller = new AbortController();
    const stopped = train({
      ...started,
      resume,
      signal: controller.signal,
      onProgress: ({ task, done }) => {
        if (task.endsWith(`epoch ${epoch}`) && done === scans) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    return readPosition(path.join(started.folder, 'twoType.checkpoint'));
  };
  expect(await stopAt(1, 2, false)).toMatchObject({ epoch: 0, scans: 0, steps: 0 });
  expect(await stopAt(1, 3, true)).toMatchObject({ epoch: 0, scans: 3, steps: 1 });
  const inValidation = await stopAt(1, 4, true);
  expect(inValidation).toMatchObject({ epoch: 0, scans: 4, steps: 2 });
  expect(inValidation.best).toBeUndefined();
  expect(await pageOf('stopped')).toMatch(/Stopped\. The same command goes on from the last checkpoint/);
  await train({ ...started, resume: true });
  await train(optionsOf('not stopped', settings));
  for (const file of ['twoType.checkpoint', 'twoType.best.weights', 'log.jsonl'])
    expect((await bytesOf('stopped', file)).equals(await bytesOf('not stopped', file)), file).toBe(true);
});
