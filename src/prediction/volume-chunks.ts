import type { Tensor } from '../base/index.ts';
import { sliceHu, type Volume } from '../volume/index.ts';

/** Some slices of a volume: HU, int16 [count, rows, columns]. */
export interface Chunk {
  readonly start: number;
  readonly count: number;
  readonly tensor: Tensor;
}

export function chunkAt(volume: Volume, start: number, most: number): Chunk {
  const count = Math.min(most, volume.slices - start);
  const first = sliceHu(volume, start);
  const data = volume.hu.subarray(start * first.length, (start + count) * first.length);
  return { start, count, tensor: { element: 'int16', shape: [count, volume.rows, volume.columns], data } };
}

export function* chunksOf(volume: Volume, most: number): Generator<Chunk> {
  for (let start = 0; start < volume.slices; start += most) yield chunkAt(volume, start, most);
}
