import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import { affineGrid, createGraph, gridSample, input, toOnnx } from '../../graph/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { DEFAULT_RECIPE } from '../default-model/recipe.ts';
import { drawTransform } from '../default-model/transform.ts';
import { drawAffineMap } from '../joint/augmentation.ts';
import { type AffineMap, affineMap } from './affine-map.ts';

const SIDE = 100;
const STILL = { rotationDegrees: 0, scale: [1, 1], shear: 0, shift: [0, 0] } as const;

/** Where the middle of a bright pixel's light lies after the map, in pixels. */
async function movedPixel(map: AffineMap, { row, column }: { row: number; column: number }) {
  const image = new Float32Array(SIDE ** 2);
  image[row * SIDE + column] = 1;
  const moved = gridSample(
    input('image', [1, 1, SIDE, SIDE]),
    affineGrid(input('map', [1, 2, 3]), SIDE, SIDE),
  );
  const runtime = await createRuntime({ device: 'cpu', threads: 1 });
  try {
    const session = await runtime.load(toOnnx(createGraph('moved', { outputs: { moved } })), {
      name: 'moved',
    });
    const results = await session.run({
      map: { element: 'float32', shape: [1, 2, 3], data: Float32Array.from(map) },
      image: { element: 'float32', shape: [1, 1, SIDE, SIDE], data: image },
    });
    const light = Array.from(results.moved?.data ?? [], Number);
    const sum = light.reduce((a, b) => a + b, 0);
    const middle = (of: (i: number) => number) => light.reduce((a, l, i) => a + l * of(i), 0) / sum;
    return { row: middle((i) => Math.floor(i / SIDE)), column: middle((i) => i % SIDE) };
  } finally {
    await runtime.close();
  }
}

// Right of the centre, which lies at 49.5, and above it
const PIXEL = { row: 39, column: 69 };
const OFFSET = { row: PIXEL.row - 49.5, column: PIXEL.column - 49.5 };

test.each([
  [
    'scale 1.2 enlarges',
    { ...STILL, scale: [1.2, 1.2] },
    49.5 + 1.2 * OFFSET.row,
    49.5 + 1.2 * OFFSET.column,
  ],
  ['scale 0.8 shrinks', { ...STILL, scale: [0.8, 0.8] }, 49.5 + 0.8 * OFFSET.row, 49.5 + 0.8 * OFFSET.column],
  ['a negative scale mirrors', { ...STILL, scale: [-1, 1] }, PIXEL.row, 99 - PIXEL.column],
  [
    'shift 0.1 moves by a tenth of the side',
    { ...STILL, shift: [0.1, 0.05] },
    PIXEL.row - 5,
    PIXEL.column - 10,
  ],
] as const)('%s', async (_, movement, row, column) => {
  const found = await movedPixel(affineMap(movement), PIXEL);
  expect(Math.abs(found.row - row)).toBeLessThan(0.3);
  expect(Math.abs(found.column - column)).toBeLessThan(0.3);
});

const PAPER: Parameters<typeof drawAffineMap>[0] = {
  rotationDegrees: [0, 180],
  scale: [0.9, 1.1],
  shift: 0.1,
  shear: 0.1,
  flips: 0.5,
};

const streams = Array.from({ length: 300 }, (_, seed) => createRandom(seed));
const largestShift = (maps: readonly AffineMap[]) =>
  Math.max(...maps.flatMap((map) => [map[2] ?? 0, map[5] ?? 0].map(Math.abs))) / 2;

test('both draws keep to the shift that their settings name', () => {
  const joint = largestShift(streams.map((random) => drawAffineMap(PAPER, random)));
  expect(joint).toBeLessThanOrEqual(PAPER.shift);
  expect(joint).toBeGreaterThan(0.95 * PAPER.shift);
  const plan = { name: 'copy-1', index: 1, bleeds: false, form: 'transformed' } as const;
  const ranges = DEFAULT_RECIPE.augmentation;
  const bundled = largestShift(streams.map((random) => drawTransform(plan, ranges, random).map));
  expect(bundled).toBeLessThanOrEqual(ranges.shift);
  expect(bundled).toBeGreaterThan(0.95 * ranges.shift);
});

// From the draw as it stood when the bundled model was trained: scale 0.88 to 1.12 of the map, shift 0.06 halved
test('the draw of the bundled model is the one that it was trained with', () => {
  const plan = { name: 'copy-1', index: 1, bleeds: false, form: 'transformed' } as const;
  const { map } = drawTransform(plan, DEFAULT_RECIPE.augmentation, createRandom(4));
  const drawn = [0.92331327, 0.13340553, -0.05071302, -0.13548207, 0.89852878, 0.05686343];
  for (const [i, value] of drawn.entries()) expect(map[i]).toBeCloseTo(value, 8);
});
