import { at, dot } from '../base/index.ts';

export interface PrincipalDirections {
  /** [count, columns], of length 1, by falling variance. */
  readonly directions: Float64Array[];
  readonly variances: number[];
  /** Of all directions together. */
  readonly totalVariance: number;
}

/**
 * Principal components of centred rows, fewer rows than columns, from the rows' products (Gram matrix).
 * Variances are with n - 1.
 */
export function principalDirections(rows: readonly Float64Array[], count: number): PrincipalDirections {
  const products = rows.map((a) => Float64Array.from(rows, (b) => dot(a, b)));
  const { values, vectors } = symmetricEigen(products);
  const falling = [...values.keys()].sort((a, b) => at(values, b) - at(values, a)).slice(0, count);
  const columns = at(rows, 0).length;
  const directions = falling.map((k) => {
    const length = Math.sqrt(at(values, k));
    return Float64Array.from({ length: columns }, (_, c) => {
      let sum = 0;
      for (const [r, row] of rows.entries()) sum += at(at(vectors, r), k) * at(row, c);
      return sum / length;
    });
  });
  const variance = (value: number) => value / (rows.length - 1);
  return {
    directions,
    variances: falling.map((k) => variance(at(values, k))),
    totalVariance: variance(values.reduce((sum, value) => sum + value, 0)),
  };
}

const SWEEPS = 30;
const SMALL = 1e-22;

/** Eigenvalues, and eigenvectors as columns, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5). */
export function symmetricEigen(matrix: readonly Float64Array[]) {
  const a = matrix.map((row) => Float64Array.from(row));
  const n = a.length;
  const vectors = a.map((_, i) => Float64Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
  const whole = a.reduce((sum, row) => sum + dot(row, row), 0);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a) > SMALL * whole; sweep++)
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, p, q);
  return { values: Float64Array.from(a, (row, i) => at(row, i)), vectors };
}

const offDiagonal = (a: readonly Float64Array[]): number =>
  a.reduce((sum, row, i) => sum + dot(row, row) - at(row, i) ** 2, 0);

/** Makes a[p][q] zero. Alters both matrices in place. */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [at(a, p), at(a, q)];
  const apq = at(rowP, q);
  if (apq === 0) return;
  const theta = (at(rowQ, q) - at(rowP, p)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of [...a, ...vectors]) {
    const [x, y] = [at(row, p), at(row, q)];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  for (let k = 0; k < rowP.length; k++) {
    const [x, y] = [at(rowP, k), at(rowQ, k)];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
}
