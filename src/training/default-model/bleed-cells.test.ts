import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import { affineGrid, createGraph, gridSample, input, toOnnx } from '../../graph/index.ts';
import { IMAGE_SIDE } from '../../network/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import { bleedCells } from './bleed-cells.ts';
import { DEFAULT_RECIPE } from './recipe.ts';
import { sliceGridOf } from './slice-grid.ts';
import { drawTransform } from './transform.ts';

const GRID = sliceGridOf(DEFAULT_RECIPE);
const MAP_SIDE = GRID.cellsShape[1];
const SLICE_CELL_BYTES = GRID.cellBytes;
const AREA = IMAGE_SIDE ** 2;
const AS_IT_IS = [1, 0, 0, 0, 1, 0];
const MIRRORED = [-1, 0, 0, 0, 1, 0];
const SUBDURAL = 3;

/** Two slices; on the second a square of `side` pixels of a subdural bleed from pixel (row 32, column 48) on. */
function maskOf(side: number): Uint8Array {
  const mask = new Uint8Array(2 * AREA);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      mask[AREA + (32 + row) * IMAGE_SIDE + 48 + column] = SUBDURAL;
  return mask;
}

/** Cells that are not 0: [slice, class, row, column, value]. */
const bleeding = (cells: Uint8Array): number[][] =>
  [...cells].flatMap((value, i) => {
    if (value === 0) return [];
    const within = i % SLICE_CELL_BYTES;
    const [place, cell] = [Math.floor(within / MAP_SIDE ** 2), within % MAP_SIDE ** 2];
    return [[Math.floor(i / SLICE_CELL_BYTES), place, Math.floor(cell / MAP_SIDE), cell % MAP_SIDE, value]];
  });

test('a cell bleeds where its pixels do, for any hemorrhage and for the subtype', () => {
  expect(bleeding(bleedCells(maskOf(4), AS_IT_IS, GRID))).toEqual([
    [1, 0, 2, 3, 255],
    [1, SUBDURAL, 2, 3, 255],
  ]);
});

test('fewer pixels than are seen for sure count by their share', () => {
  expect(bleeding(bleedCells(maskOf(2), AS_IT_IS, GRID)).map((cell) => cell.at(-1))).toEqual([64, 64]);
});

test('of finer slices a cell is a larger square, and what is seen for sure as many mm2', () => {
  const grid = sliceGridOf({ ...DEFAULT_RECIPE, imageSide: 320 });
  expect([grid.mapShape, grid.cellsShape]).toEqual([
    [256, 40, 40],
    [6, 20, 20],
  ]);
  const found = [5, 4].map((square) => {
    const mask = new Uint8Array(320 ** 2);
    for (let row = 0; row < square; row++)
      for (let column = 0; column < square; column++) mask[(32 + row) * 320 + 48 + column] = SUBDURAL;
    return [...bleedCells(mask, AS_IT_IS, grid).entries()].filter(([, value]) => value > 0);
  });
  const places = [2 * 20 + 3, SUBDURAL * 400 + 2 * 20 + 3];
  expect(found[0]).toEqual(places.map((place) => [place, 255]));
  expect(found[1]).toEqual(places.map((place) => [place, Math.round((255 * 16) / 25)]));
});

test('cells move with the transform', () => {
  const moved = bleeding(bleedCells(maskOf(4), MIRRORED, GRID));
  expect(moved.map(([slice, , row, column]) => [slice, row, column])).toEqual([
    [1, 2, 12],
    [1, 2, 12],
  ]);
});

test('what a transform brings in from beyond the slice does not bleed', () => {
  const full = new Uint8Array(AREA).fill(1);
  const shifted = bleedCells(full, [1, 0, 1, 0, 1, 0], GRID);
  const columns = new Set(bleeding(shifted).map(([, , , column]) => column as number));
  expect(Math.max(...columns)).toBe(MAP_SIDE / 2 - 1);
});

test('cells lie where the graph that transforms the slices puts their pixels, turned and sheared', async () => {
  const plan = { name: 'copy-1', index: 1, bleeds: false, form: 'transformed' } as const;
  const { map } = drawTransform(plan, DEFAULT_RECIPE.augmentation, createRandom(4));
  const mask = new Uint8Array(AREA);
  for (let row = 60; row < 110; row++)
    for (let column = 150; column < 190; column++) mask[row * IMAGE_SIDE + column] = 1;
  const grid = affineGrid(input('map', [1, 2, 3]), IMAGE_SIDE, IMAGE_SIDE);
  const moved = gridSample(input('image', [1, 1, IMAGE_SIDE, IMAGE_SIDE]), grid);
  const runtime = await createRuntime({ device: 'cpu', threads: 1 });
  const session = await runtime.load(toOnnx(createGraph('moved', { outputs: { moved } })), { name: 'moved' });
  const results = await session.run({
    map: { element: 'float32', shape: [1, 2, 3], data: Float32Array.from(map) },
    image: { element: 'float32', shape: [1, 1, IMAGE_SIDE, IMAGE_SIDE], data: Float32Array.from(mask) },
  });
  await runtime.close();
  const transformed = results.moved?.data as Float32Array;
  const cells = bleedCells(mask, map, GRID).subarray(0, MAP_SIDE ** 2);
  const side = IMAGE_SIDE / MAP_SIDE;
  const sums = new Array<number>(MAP_SIDE ** 2).fill(0);
  for (const [i, share] of transformed.entries()) {
    const cell = Math.floor(i / IMAGE_SIDE / side) * MAP_SIDE + Math.floor((i % IMAGE_SIDE) / side);
    sums[cell] = (sums[cell] as number) + share;
  }
  expect(Math.max(...sums)).toBeGreaterThan(200);
  // The graph blends neighbours, cells take the nearest pixel: a few at the border differ
  for (const [cell, sum] of sums.entries())
    expect(Math.abs((cells[cell] as number) / 255 - Math.min(1, sum / 16))).toBeLessThan(0.35);
});
