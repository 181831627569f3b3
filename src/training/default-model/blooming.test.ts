import { expect, test } from 'vitest';
import { IMAGE_SIDE } from '../../network/index.ts';
import { addBlooming } from './blooming.ts';
import type { PreparedSlices } from './prepared-series.ts';

const SIZE = IMAGE_SIDE ** 2;
const [BRAIN, BONE] = [55, 120];
const at = (slice: number, row: number, column: number) => slice * SIZE + row * IMAGE_SIDE + column;

/** Brain, with bone from a column on that differs from slice to slice. */
function slopingSkull(columns: readonly number[]): PreparedSlices {
  const slices = Float32Array.from({ length: columns.length * SIZE }, (_, i) =>
    i % IMAGE_SIDE >= (columns[Math.floor(i / SIZE)] as number) ? BONE : BRAIN,
  );
  return { slices, side: IMAGE_SIDE };
}

test('bone shines as far as its blur reaches, and stays bone', () => {
  const head = slopingSkull([200]);
  addBlooming(head, { boneHu: 900, sigma: 0.6, fromNeighbours: 0 });
  const row = head.slices.subarray(at(0, 128, 195), at(0, 128, 203));
  expect([...row.slice(5)]).toEqual([BONE, BONE, BONE]);
  expect(row[4]).toBe(BONE);
  expect(row[3]).toBeGreaterThan(BRAIN + 2);
  expect(row[3]).toBeLessThan(BRAIN + 20);
  expect(row[1]).toBeCloseTo(BRAIN, 3);
});

test('a few percent of the bone of the next slice lie over brain', () => {
  const head = slopingSkull([200, 180]);
  addBlooming(head, { boneHu: 800, sigma: 0.3, fromNeighbours: 0.02 });
  expect(head.slices[at(0, 128, 190)]).toBeCloseTo(BRAIN + 0.02 * 800, 3);
  expect(head.slices[at(0, 128, 170)]).toBe(BRAIN);
  expect(head.slices[at(1, 128, 170)]).toBe(BRAIN);
});

test('without bone above what images stop at nothing changes', () => {
  const head = slopingSkull([200, 180]);
  const before = head.slices.slice();
  addBlooming(head, { boneHu: 0, sigma: 0, fromNeighbours: 0 });
  expect(head.slices).toEqual(before);
});
