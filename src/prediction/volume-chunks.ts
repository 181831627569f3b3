import { sharedTensor, type Tensor } from '../base/index.ts';
import { sliceHu, type Volume } from '../volume/index.ts';

/** Some slices of a volume: HU, int16 [count, rows, columns]. */
export interface Chunk {
  readonly start: number;
  readonly count: number;
  readonly tensor: Extract<Tensor, { element: 'int16' }>;
}

export function chunkAt(volume: Volume, start: number, most: number): Chunk {
  const count = Math.min(most, volume.slices - start);
  const first = sliceHu(volume, start);
  const data = volume.hu.subarray(start * first.length, (start + count) * first.length);
  return { start, count, tensor: { element: 'int16', shape: [count, volume.rows, volume.columns], data } };
}

/**
 * The volume so many slices at a time, all in one buffer that both threads see: a chunk is to be used before the next is
 * asked for.
 */
export function* chunksOf(volume: Volume, most: number): Generator<Chunk> {
  const { slices, rows, columns } = volume;
  const buffer = sharedTensor('int16', [Math.min(most, slices), rows, columns]);
  for (let start = 0; start < slices; start += most) {
    const { count, tensor } = chunkAt(volume, start, most);
    const data = buffer.data.subarray(0, tensor.data.length);
    data.set(tensor.data);
    yield { start, count, tensor: { ...tensor, data } };
  }
}
