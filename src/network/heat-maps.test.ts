import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime, Tensor } from '../base/index.ts';
import {
  createGraph,
  gradients,
  input,
  reduceMean,
  reduceSum,
  slice,
  toOnnx,
  type Value,
} from '../graph/index.ts';
import { createRuntime } from '../runtime/index.ts';
import { CNN_PLANS } from './cnn-plans.ts';
import { heatMaps, mapWeights } from './heat-maps.ts';
import { createParameterBook } from './parameter-book.ts';
import { trunkOf } from './parameters.ts';
import { buildRecurrent } from './recurrent.ts';
import {
  COMPACT_SETTINGS,
  MOBILENET_SETTINGS,
  type NetworkSettings,
  QUICK_SETTINGS,
  TASK_NAMES,
  TASKS,
  type TaskName,
} from './settings.ts';
import { buildFeatures } from './trunk.ts';
import { hashNumbers, hashWeights } from './weights.ts';

const HEARING: NetworkSettings = { ...MOBILENET_SETTINGS, sliceReads: 'recurrentAndCnn' };

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

const run = async (outputs: Record<string, Value>, feeds: Record<string, Tensor>, weights = {}) => {
  const session = await runtime.load(toOnnx(createGraph('test', { outputs }), { weights }));
  const results = await session.run(feeds);
  await session.close();
  return results;
};

const mapsTensor = (slices: number, channels: number): Tensor => ({
  element: 'float32',
  shape: [slices, channels, 16, 16],
  data: hashNumbers('maps', slices * channels * 256, 1).map((v) => Math.max(v, 0)),
});

/** The spatial mean of the gradient of each slice's own logit by reverse mode, one slice and class after another. */
function reverseMode(settings: NetworkSettings, task: TaskName, slices: number) {
  const book = createParameterBook(settings);
  const channels = CNN_PLANS[settings.cnn].mapChannels;
  const maps = input('maps', [slices, channels, 16, 16]);
  const features = buildFeatures(maps, book, trunkOf(settings, task));
  const values = buildRecurrent(features, book, task);
  const outputs: Record<string, Value> = { all: mapWeights(features, values, book, task) };
  for (let t = 0; t < slices; t++) {
    for (const output of TASKS[task].positives) {
      const row = slice(values.sliceLogits as Value, { axis: 0, start: t, end: t + 1 });
      const logit = reduceSum(slice(row, { axis: 1, start: output, end: output + 1 }));
      const [slope] = gradients(logit, [maps]) as [Value];
      outputs[`${t}/${output}`] = reduceMean(slice(slope, { axis: 0, start: t, end: t + 1 }), {
        axes: [0, 2, 3],
      });
    }
  }
  return { outputs, book, channels };
}

test.each([
  ['compact-vgg16', COMPACT_SETTINGS, 1],
  ['compact-vgg16', COMPACT_SETTINGS, 4],
  ['compact-vgg16-128', QUICK_SETTINGS, 4],
  ['mobilenet-v1', MOBILENET_SETTINGS, 5],
  ["mobilenet-v1, the CNN's own head too,", HEARING, 5],
] as const)('weights of %s maps are exact through both directions', async (_, settings, slices) => {
  for (const task of TASK_NAMES) {
    const { outputs, book, channels } = reverseMode(settings, task, slices);
    const results = await run(outputs, { maps: mapsTensor(slices, channels) }, hashWeights(book.specs));
    const all = results.all?.data as Float32Array;
    const { positives } = TASKS[task];
    const size = Math.max(...all.map(Math.abs));
    expect(size).toBeGreaterThan(0);
    for (let t = 0; t < slices; t++)
      for (const [i, output] of positives.entries()) {
        const start = (t * positives.length + i) * channels;
        const expected = results[`${t}/${output}`]?.data as Float32Array;
        expect([...all.subarray(start, start + channels)]).toBeAllClose([...expected], {
          absolute: 1e-5 * size,
        });
      }
  }
});

test('a map sums to 1; where all speaks against the class it is zeros, not evidence against', async () => {
  const maps = input('maps', [2, 3, 16, 16]);
  const weights = input('weights', [2, 1, 3]);
  const tensor = mapsTensor(2, 3);
  // Slice 0: signed sum of the weights is negative, one map still speaks for the class; slice 1: none does
  const data = Float32Array.of(-2, 0.5, -1, -1, -2, -3);
  const results = await run(
    { found: heatMaps(maps, weights) },
    { maps: tensor, weights: { element: 'float32', shape: [2, 1, 3], data } },
  );
  const found = results.found?.data as Float32Array;
  const first = found.subarray(0, 256);
  expect(first.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  const source = tensor.data as Float32Array;
  const raw = Array.from({ length: 256 }, (_, p) =>
    Math.max(0, -2 * (source[p] as number) + 0.5 * (source[256 + p] as number) - (source[512 + p] as number)),
  );
  const total = raw.reduce((a, b) => a + b, 0);
  expect([...first]).toBeAllClose(
    raw.map((v) => v / total),
    { absolute: 1e-6 },
  );
  expect([...found.subarray(256)].every((v) => v === 0)).toBe(true);
});
