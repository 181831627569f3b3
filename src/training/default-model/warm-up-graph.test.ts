import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom, type Runtime, type Tensor } from '../../base/index.ts';
import { MOBILENET_SETTINGS } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { gradientName } from '../common/gradients.ts';
import { DEFAULT_RECIPE } from './recipe.ts';
import { sliceGridOf } from './slice-grid.ts';
import { type StepBatch, stepFeeds, type TrainingGraph, warmUpStep } from './warm-up-graph.ts';

const GRID = sliceGridOf(DEFAULT_RECIPE);
const SLICES = 2;
const CLASSES = 6;
const CELL_WEIGHT = 4;

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ device: 'cpu', threads: 1 });
});
afterAll(() => runtime.close());

/** Drawn weights; the cells' own layer at zero, so that each cell's logit is 0. */
function parametersOf({ trained }: TrainingGraph): Record<string, Tensor> {
  const random = createRandom(3);
  const entries = Object.entries(trained).map(([name, shape]): [string, Tensor] => {
    const length = shape.reduce((a, b) => a * b, 1);
    const draw = () => (name.startsWith('cells/') ? 0 : random.uniform(-0.1, 0.1));
    return [name, { element: 'float32', shape, data: Float32Array.from({ length }, draw) }];
  });
  return Object.fromEntries(entries);
}

async function lossOf(cellWeight: number, known: number, cells: Uint8Array): Promise<number> {
  const graph = warmUpStep(DEFAULT_RECIPE, { subtypeWeight: 2, cellWeight });
  const session = await runtime.load(graph.onnx, { name: 'step' });
  const random = createRandom(9);
  const batch: StepBatch = {
    maps: Uint8Array.from({ length: SLICES * GRID.mapBytes }, () => random.integer(0, 255)),
    targets: new Float32Array(SLICES * CLASSES),
    cells,
    known: new Float32Array(SLICES * CLASSES).fill(known),
    kept: new Float32Array(SLICES * MOBILENET_SETTINGS.features).fill(1),
  };
  const results = await session.run({ ...stepFeeds(batch, GRID), ...parametersOf(graph) });
  await session.close();
  expect(results[gradientName('cells/weights')]?.shape).toEqual(graph.trained['cells/weights']);
  return Number(results.loss?.data[0]);
}

test('cells add their weighted cross-entropy, those with blood five times; unknown ones nothing', async () => {
  const cells = new Uint8Array(SLICES * GRID.cellBytes);
  cells.fill(255, 0, 30);
  const [without, unknown, known] = [
    await lossOf(0, 1, cells),
    await lossOf(CELL_WEIGHT, 0, cells),
    await lossOf(CELL_WEIGHT, 1, cells),
  ];
  expect(unknown).toBeCloseTo(without, 5);
  const mean = (Math.LN2 * (cells.length + 4 * 30)) / cells.length;
  expect(known - without).toBeCloseTo(CELL_WEIGHT * mean, 4);
});
