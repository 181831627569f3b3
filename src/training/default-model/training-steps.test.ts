import { afterAll, beforeAll, expect, test } from 'vitest';
import { floatsOf, type Runtime, type Tensor } from '../../base/index.ts';
import { createGraph, input, multiply, parameter, reduceMean, subtract, toOnnx } from '../../graph/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { floatTensor } from '../common/feeds.ts';
import { stepOutputs } from '../common/gradients.ts';
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
