/** More values than this in one volume are refused before memory is spent: 2,200 slices of 512 x 512, 1.2 GB. */
const LARGEST_VOLUME_VALUES = 2200 * 512 * 512;
/** Rows and columns of a CT lie between these. */
export const MATRIX_LIMITS = { smallest: 32, largest: 4096 } as const;

/** Why a matrix is absurd or the volume too large; undefined where neither. */
export function matrixProblem(rows: number, columns: number, slices: number): string | undefined {
  const { smallest, largest } = MATRIX_LIMITS;
  if (Math.min(rows, columns) < smallest || Math.max(rows, columns) > largest) {
    return `Rows x Columns is ${rows} x ${columns}, ${smallest} to ${largest} were expected`;
  }
  if (rows * columns * slices <= LARGEST_VOLUME_VALUES) return undefined;
  const limit = Math.floor(LARGEST_VOLUME_VALUES / (rows * columns));
  return `${slices} slices of ${rows} x ${columns} do not fit, up to ${limit} do`;
}
