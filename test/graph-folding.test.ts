/** Batch normalisation folded into a convolution gives what both gave. */
import { expect, test } from 'vitest';
import { createRandom } from '../src/base/index.ts';
import {
  batchNormalisation,
  conv2d,
  createGraph,
  floats,
  foldBatchNormalisation,
  input,
  toOnnx,
} from '../src/graph/index.ts';
import { createRuntime } from '../src/runtime/index.ts';

const [CHANNELS, OUT] = [3, 5];
const random = createRandom(3);
const drawn = (count: number, low: number, high: number): Float32Array =>
  Float32Array.from({ length: count }, () => random.uniform(low, high));

const weights = drawn(OUT * CHANNELS * 9, -1, 1);
const bias = drawn(OUT, -1, 1);
const normalisation = {
  mean: drawn(OUT, -2, 2),
  scale: drawn(OUT, -2, 2),
  shift: drawn(OUT, -1, 1),
  variance: drawn(OUT, 0.1, 3),
};
const EPSILON = 1e-3;

test.each([
  ['with a bias', bias],
  ['without', undefined],
] as const)('a convolution %s', async (_, before) => {
  const x = input('x', [2, CHANNELS, 6, 7]);
  const shape = [OUT, CHANNELS, 3, 3];
  const convolved = conv2d(x, floats(weights, shape), before && floats(before));
  const { mean, scale, shift, variance } = normalisation;
  const apart = batchNormalisation(
    convolved,
    { scale: floats(scale), shift: floats(shift) },
    { mean: floats(mean), variance: floats(variance) },
    EPSILON,
  );
  const folded = foldBatchNormalisation({ weights, ...(before && { bias: before }) }, normalisation, EPSILON);
  const together = conv2d(x, floats(folded.weights, shape), floats(folded.bias));
  const runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const session = await runtime.load(toOnnx(createGraph('folding', { outputs: { apart, together } })), {
    optimised: false,
  });
  const data = drawn(2 * CHANNELS * 42, -3, 3);
  const found = await session.run({ x: { element: 'float32', shape: [2, CHANNELS, 6, 7], data } });
  await runtime.close();
  const numbers = (name: string) => found[name]?.data as Float32Array;
  expect(numbers('together')).toBeAllClose(numbers('apart'), { absolute: 2e-5 });
});
