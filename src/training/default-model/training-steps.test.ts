import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, floatsOf, type Runtime, type Tensor } from '../../base/index.ts';
import { createGraph, input, multiply, parameter, reduceMean, subtract, toOnnx } from '../../graph/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { stepOutputs } from '../common/gradients.ts';
import { blendWeights } from './moving-average.ts';
import { keptTraining } from './steps-checkpoint.ts';
import { takeSteps } from './training-steps.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

const WANTED = [0.5, -0.25];

/** The mean square of weights less a target. */
function squares(): Uint8Array {
  const weights = parameter('weights', [2]);
  const missed = subtract(weights, input('wanted', [2]));
  const loss = reduceMean(multiply(missed, missed));
  return toOnnx(createGraph('squares', { outputs: stepOutputs(loss, [weights]) }));
}

async function descend(wanted: readonly number[], steps: number) {
  const session = await runtime.load(squares(), { name: 'squares' });
  const losses: number[] = [];
  const fed: Tensor = { element: 'float32', shape: [2], data: Float32Array.from(wanted) };
  const averaged = await takeSteps({
    session,
    parameters: { weights: floatTensor([2], new Float32Array(2)) },
    optimiser: { weightDecay: 0, largestNorm: 1, averageDecay: 0.9 },
    steps,
    rate: 0.02,
    nextFeeds: async () => ({ wanted: fed }),
    name: 'fitting',
    log: ({ loss }) => losses.push(loss),
  }).finally(() => session.close());
  return { averaged, losses };
}

test('steps bring the parameters to where the loss is least, and tell the loss of each', async () => {
  const { averaged, losses } = await descend(WANTED, 200);
  expect(losses).toHaveLength(200);
  expect(losses[0]).toBeCloseTo((0.5 ** 2 + 0.25 ** 2) / 2, 6);
  expect(losses.at(-1)).toBeLessThan(1e-4);
  for (const [i, value] of WANTED.entries()) expect(floatsOf(averaged, 'weights')[i]).toBeCloseTo(value, 1);
});

test('a loss that is no number ends the training by name', async () => {
  await expect(descend([Number.NaN, 0], 3)).rejects.toMatchObject({ code: 'training-diverged' });
});

/** Steps towards targets that are drawn, with a statistic of them; stopped before a step where one is named. */
async function wander(file: string, stopBefore = Number.POSITIVE_INFINITY) {
  const session = await runtime.load(squares(), { name: 'squares' });
  const random = createRandom(3);
  const statistics = { weights: floatTensor([2], new Float32Array(2)) };
  let fed = floatTensor([2], new Float32Array(2));
  let taken = 0;
  const averaged = await takeSteps({
    session,
    parameters: { weights: floatTensor([2], new Float32Array(2)) },
    optimiser: { weightDecay: 0.01, largestNorm: 1, averageDecay: 0.9 },
    steps: 40,
    rate: 0.02,
    checkpoint: { file, random, statistics, everyMs: 0 },
    nextFeeds: async () => {
      if (++taken === stopBefore) throw new Error('stopped');
      fed = floatTensor([2], Float32Array.of(random.normal(), random.normal()));
      return { wanted: fed };
    },
    onStep: () => blendWeights(statistics, { weights: fed }, 0.9),
    name: 'wandering',
  }).finally(() => session.close());
  return { averaged, statistics, taken };
}

test('a training that was stopped goes on from its checkpoint and ends with the same numbers', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-steps-'));
  try {
    const whole = await wander(path.join(folder, 'whole'));
    const file = path.join(folder, 'stopped');
    await expect(wander(file, 18)).rejects.toThrow('stopped');
    const { averaged, statistics, taken } = await wander(file);
    expect(taken).toBe(23);
    expect(averaged).toEqual(whole.averaged);
    expect(statistics).toEqual(whole.statistics);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a cut checkpoint is refused by name; that of a finished training is gone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-steps-'));
  try {
    const file = path.join(folder, 'cut');
    await wander(file);
    await writeFile(file, (await readFile(file)).subarray(0, -40));
    await expect(wander(file)).rejects.toMatchObject({ code: 'checkpoint-unreadable' });
    const kept = path.join(folder, 'kept');
    const trained = await keptTraining(kept, async (own) => (await wander(own)).averaged);
    await expect(readFile(`${kept}.checkpoint`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await keptTraining(kept, () => Promise.reject(new Error('trained again')))).toEqual(trained);
  } finally {
    await rm(folder, { recursive: true });
  }
});
