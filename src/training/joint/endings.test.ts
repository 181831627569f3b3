import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IchorError, type Runtime } from '../../base/index.ts';
import { createRuntime } from '../../runtime/index.ts';
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

/** Runs out of memory in a step, after so many of them. */
const shortOfMemory = (steps: number): Runtime => ({
  ...runtime,
  load: async (onnx, options) => {
    const session = await runtime.load(onnx, options);
    let left = steps;
    const run: typeof session.run = (...given) => {
      if (options?.name?.includes('step') && left-- === 0)
        throw new IchorError('runtime-out-of-memory', `${options.name}: not enough memory`);
      return session.run(...given);
    };
    return { ...session, run };
  },
});

test('ends when the validation loss has not fallen for as many epochs as told', async () => {
  const still = { rate: 1e-30, schedule: 'constant', patienceEpochs: 2, mostEpochs: 9 } as const;
  const { networks } = await train(optionsOf('patience', still));
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
