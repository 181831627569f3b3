import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runtime } from '../../base/index.ts';
import { createGraph, input, toOnnx } from '../../graph/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { bookOf } from '../parameter-book.ts';
import { hashNumbers, hashWeights } from '../weights.ts';
import type { RivalName, RivalSize } from './rival.ts';
import { RIVALS } from './rivals.ts';

const FULL = { width: 1, onHalves: false } as const;
const QUARTER = { width: 0.25, onHalves: false } as const;
const QUICK = { width: 0.25, onHalves: true } as const;
type Golden = Readonly<Partial<Record<RivalName, readonly (readonly number[])[]>>>;
const golden = JSON.parse(
  await readFile(new URL('../golden/rivals.json', import.meta.url), 'utf8'),
) as Golden & { readonly onHalves: Golden };

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu' });
});
afterAll(() => runtime.close());

async function featuresOf(name: RivalName, size: RivalSize, slices: number): Promise<Float32Array> {
  const rival = RIVALS[name];
  const specs = rival.specs('twoType', size);
  const images = input('images', [slices, 3, 256, 256]);
  const features = rival.buildFeatures(images, bookOf(specs), 'twoType', size);
  const session = await runtime.load(
    toOnnx(createGraph(name, { outputs: { features } }), { weights: hashWeights(specs) }),
  );
  const data = hashNumbers('images', slices * 3 * 256 * 256, 0.5, 0.5);
  const found = await session.run({ images: { element: 'float32', shape: images.shape as number[], data } });
  await session.close();
  return found.features?.data as Float32Array;
}

test.each([
  ['2d-googlenet', QUARTER, 2, golden],
  ['3d-vgg16', QUARTER, 32, golden],
  ['2d-vgg16', QUICK, 2, golden.onHalves],
  ['2d-googlenet', QUICK, 2, golden.onHalves],
  ['3d-vgg16', QUICK, 32, golden.onHalves],
] as const)("%s %o gives PyTorch's features", { timeout: 120_000 }, async (name, size, slices, values) => {
  const found = await featuresOf(name, size, slices);
  const expected = (values[name] ?? []).flat();
  const largest = Math.max(...expected);
  // The least of the five golden cases: a dead network would pass by the tolerance alone
  expect(largest).toBeGreaterThan(0.43);
  expect([...found]).toBeAllClose(expected, { absolute: 1e-4 * largest });
});

test('a quarter of the width has a sixteenth of the weights, about', () => {
  for (const rival of Object.values(RIVALS)) {
    const count = (size: RivalSize) =>
      rival
        .specs('fiveType', size)
        .filter(({ part }) => part === 'cnn')
        .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(count(FULL) / count(QUARTER), rival.name).toBeGreaterThan(13);
    expect(count(FULL) / count(QUARTER), rival.name).toBeLessThan(17);
  }
});
