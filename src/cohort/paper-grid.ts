import { STORED_SIDE } from './store/training-store.ts';

/** What a pixel of the new axis is made of: weights of neighbouring pixels of the old one. */
interface Blend {
  readonly first: number;
  readonly weights: readonly number[];
}

interface Slices {
  /** slices x rows x columns. */
  readonly hu: Int16Array;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
}

const LOWEST = -32768;
const HIGHEST = 32767;

/**
 * Slices as the paper resamples them ("resampled to 512 x 512 if necessary and then downsampled to 256 x 256"),
 * by the rule of the model's own graph (network/preprocessing.ts, `paper`), rounded to whole HU: at most half a
 * Hounsfield unit from what the graph makes of the original slices. Returns HU [slices, 256, 256].
 */
export function toPaperGrid({ hu, slices, rows, columns }: Slices): Int16Array {
  const down = paperAxis(rows);
  const across = paperAxis(columns);
  const grid = new Int16Array(slices * STORED_SIDE ** 2);
  const wide = new Float64Array(rows * STORED_SIDE);
  for (let slice = 0; slice < slices; slice++) {
    const from = hu.subarray(slice * rows * columns, (slice + 1) * rows * columns);
    blendColumns(from, wide, across, rows, columns);
    blendRows(wide, grid.subarray(slice * STORED_SIDE ** 2, (slice + 1) * STORED_SIDE ** 2), down);
  }
  return grid;
}

/** [rows, columns] -> [rows, 256]. */
function blendColumns(
  from: Int16Array,
  into: Float64Array,
  across: readonly Blend[],
  rows: number,
  columns: number,
): void {
  for (const [column, { first, weights }] of across.entries()) {
    for (let row = 0; row < rows; row++) {
      const start = row * columns + first;
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (from[start + i] as number);
      into[row * STORED_SIDE + column] = sum;
    }
  }
}

/** [rows, 256] -> [256, 256], rounded. */
function blendRows(from: Float64Array, into: Int16Array, down: readonly Blend[]): void {
  for (const [row, { first, weights }] of down.entries()) {
    for (let column = 0; column < STORED_SIDE; column++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) {
        sum += (weights[i] as number) * (from[(first + i) * STORED_SIDE + column] as number);
      }
      into[row * STORED_SIDE + column] = Math.max(LOWEST, Math.min(HIGHEST, Math.round(sum)));
    }
  }
}

/** An axis of any length to 512 pixels and then to 256, as one set of blends. */
function paperAxis(length: number): Blend[] {
  const middle = areaBlends(length, 2 * STORED_SIDE);
  return areaBlends(2 * STORED_SIDE, STORED_SIDE).map(({ first, weights }) => {
    const sums = new Map<number, number>();
    for (const [i, outer] of weights.entries()) {
      const inner = middle[first + i] as Blend;
      for (const [j, weight] of inner.weights.entries()) {
        sums.set(inner.first + j, (sums.get(inner.first + j) ?? 0) + outer * weight);
      }
    }
    const places = [...sums.keys()].sort((a, b) => a - b);
    return { first: places[0] as number, weights: places.map((place) => sums.get(place) as number) };
  });
}

/**
 * Each new pixel is the mean over its own extent, or over one old pixel where it is smaller; beyond the image lie
 * zeros (network/area-resampling.ts, areaMatrix).
 */
function areaBlends(length: number, count: number): Blend[] {
  const step = length / count;
  const extent = Math.max(step, 1);
  return Array.from({ length: count }, (_, i) => {
    const centre = (i + 0.5) * step;
    const [low, high] = [centre - extent / 2, centre + extent / 2];
    const first = Math.max(0, Math.floor(low));
    const last = Math.min(length, Math.ceil(high));
    const weights = Array.from({ length: last - first }, (_, k) => {
      const overlap = Math.min(high, first + k + 1) - Math.max(low, first + k);
      return Math.max(0, overlap) / extent;
    });
    return { first, weights };
  });
}
