import { at, firstOf } from '../../base/index.ts';
import { fixedSizes, multiplyDimensions } from '../dimension.ts';
import { reshape, slice } from '../forms/layout.ts';
import { matMul } from '../forms/linear.ts';
import { floats, type Value } from '../value.ts';
import { channelsFirst, padSpace, spaceOf } from './planes.ts';

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
  at(spaceOf(dy), 1) <= MOST_COLUMNS;

/**
 * d loss / d weights of a depthwise convolution at stride 1, [channels] for each place of the kernel in row-major order.
 * For each row of the kernel one product over all slices and rows pairs every column of the cotangent with every column
 * of the input; the places are sums along its diagonals: no pass over the planes for each place of the kernel.
 */
export function depthwiseProducts({ dy, x, ...places }: DepthwisePlanes): Value[] {
  const [kernelRows, kernelColumns] = firstOf(places.kernel, 2);
  const [above, left] = firstOf(places.before, 2);
  const [cotangent, planes] = [channelsFirst(dy), channelsFirst(x)];
  const [rowsOut, columnsOut] = firstOf(fixedSizes(dy.shape.slice(2)), 2);
  const [rows, columns] = firstOf(fixedSizes(x.shape.slice(2)), 2);
  const width = columnsOut + kernelColumns - 1;
  const wide = tall(padSpace(planes, [0, left], [0, width - columns - left]));
  const diagonals = diagonalSums(columnsOut, width, kernelColumns);
  return Array.from({ length: kernelRows }, (_, row) => row - above).flatMap((down) => {
    const shifted = tall(padSpace(cotangent, [down, 0], [rows - rowsOut - down, 0]));
    const pairs = matMul(shifted, wide, { transposeA: true });
    const sums = matMul(reshape(pairs, [at(x.shape, 1), columnsOut * width]), diagonals);
    return Array.from({ length: kernelColumns }, (_, k) => slice(sums, { axis: 1, start: k, end: k + 1 }));
  });
}

/** [channels, N, rows, columns] -> [channels, N rows, columns]. */
function tall(planes: Value): Value {
  const [channels, slices, rows, columns] = firstOf(planes.shape, 4);
  return reshape(planes, [channels, multiplyDimensions(slices, rows), columns]);
}

/** [columns width, places]: 1 where the input's column lies `place` behind the cotangent's. */
function diagonalSums(columns: number, width: number, places: number): Value {
  const sums = new Float32Array(columns * width * places);
  for (let column = 0; column < columns; column++)
    for (let place = 0; place < places; place++) sums[(column * width + column + place) * places + place] = 1;
  return floats(sums, [columns * width, places]);
}
