import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../base/index.ts';
import { createGraph, input, toOnnx } from '../../graph/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { bookOf } from '../parameter-book.ts';
import { hashNumbers, hashWeights } from '../weights.ts';
import type { RivalName } from './rival.ts';
import { RIVALS } from './rivals.ts';

const QUARTER = 0.25;
const golden = JSON.parse(
  await readFile(new URL('../golden/rivals.json', import.meta.url), 'utf8'),
) as Record<RivalName, readonly (readonly number[])[]>;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

async function featuresOf(name: RivalName, slices: number): Promise<Float32Array> {
  const rival = RIVALS[name];
  const specs = rival.specs('twoType', QUARTER);
  const images = input('images', [slices, 3, 256, 256]);
  const features = rival.buildFeatures(images, bookOf(specs), 'twoType', QUARTER);
  const session = await runtime.load(
    toOnnx(createGraph(name, { outputs: { features } }), { weights: hashWeights(specs) }),
  );
  const data = hashNumbers('images', slices * 3 * 256 * 256, 0.5, 0.5);
  const found = await session.run({ images: { element: 'float32', shape: images.shape as number[], data } });
  await session.close();
  return found.features?.data as Float32Array;
}

test.each([
  ['2d-googlenet', 2],
  ['3d-vgg16', 32],
] as const)("%s gives PyTorch's features", { timeout: 120_000 }, async (name, slices) => {
  const found = await featuresOf(name, slices);
  const expected = golden[name].flat();
  const largest = Math.max(...expected);
  expect(largest).toBeGreaterThan(0);
  expect([...found]).toBeAllClose(expected, { absolute: 1e-4 * largest });
});

test('a quarter of the width has a sixteenth of the weights, about', () => {
  for (const rival of Object.values(RIVALS)) {
    const count = (width: number) =>
      rival
        .specs('fiveType', width)
        .filter(({ part }) => part === 'cnn')
        .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(count(1) / count(QUARTER), rival.name).toBeGreaterThan(13);
    expect(count(1) / count(QUARTER), rival.name).toBeLessThan(17);
  }
});
