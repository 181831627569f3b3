import { type Dimension, multiplyDimensions } from '../dimension.ts';
import { pad, reshape, slice, transpose } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import { floats, type Value } from '../value.ts';

/** Above so many columns the products of columns that are never read cost more than passes over the planes. */
const MOST_COLUMNS = 32;

export interface DepthwisePlanes {
  /** [N, channels, rows out, columns out]. */
  readonly dy: Value;
  /** [N, channels, rows, columns]. */
  readonly x: Value;
  /** Places of the kernel: rows, columns. */
  readonly kernel: readonly number[];
  /** Margin before the first row and column. */
  readonly before: readonly number[];
}

export const isSmallDepthwise = (dy: Value, x: Value, groups: number): boolean =>
  x.shape.length === 4 &&
  x.shape[1] === groups &&
  dy.shape[1] === groups &&
  (dy.shape[3] as number) <= MOST_COLUMNS;

/**
 * d loss / d weights of a depthwise convolution at stride 1, [channels] for each place of the kernel in row-major order.
 * For each row of the kernel one product over all slices and rows pairs every column of the cotangent with every column
 * of the input; the places are sums along its diagonals. Element by element it takes three times as long.
 */
export function depthwiseProducts({ dy, x, ...places }: DepthwisePlanes): Value[] {
  const [kernelRows, kernelColumns] = places.kernel as [number, number];
  const [above, left] = places.before as [number, number];
  const [cotangent, planes] = [transpose(dy, [1, 0, 2, 3]), transpose(x, [1, 0, 2, 3])];
  const [rowsOut, columnsOut] = dy.shape.slice(2) as number[] as [number, number];
  const [rows, columns] = x.shape.slice(2) as number[] as [number, number];
  const width = columnsOut + kernelColumns - 1;
  const wide = tall(padded(planes, [0, left], [0, width - columns - left]));
  const diagonals = diagonalSums(columnsOut, width, kernelColumns);
  return Array.from({ length: kernelRows }, (_, row) => row - above).flatMap((down) => {
    const shifted = tall(padded(cotangent, [down, 0], [rows - rowsOut - down, 0]));
    const pairs = matMul(shifted, wide, { transposeA: true });
    const sums = matMul(reshape(pairs, [x.shape[1] as number, columnsOut * width]), diagonals);
    return Array.from({ length: kernelColumns }, (_, k) => slice(sums, { axis: 1, start: k, end: k + 1 }));
  });
}

const padded = (planes: Value, before: readonly number[], after: readonly number[]): Value =>
  [...before, ...after].every((n) => n === 0) ? planes : pad(planes, [0, 0, ...before], [0, 0, ...after]);

/** [channels, N, rows, columns] -> [channels, N rows, columns]. */
function tall(planes: Value): Value {
  const [channels, slices, rows, columns] = planes.shape as [number, Dimension, number, number];
  return reshape(planes, [channels, multiplyDimensions(slices, rows), columns]);
}

/** [columns width, places]: 1 where the input's column lies `place` behind the cotangent's. */
function diagonalSums(columns: number, width: number, places: number): Value {
  const sums = new Float32Array(columns * width * places);
  for (let column = 0; column < columns; column++)
    for (let place = 0; place < places; place++) sums[(column * width + column + place) * places + place] = 1;
  return floats(sums, [columns * width, places]);
}
