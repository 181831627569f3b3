import { expect, test } from 'vitest';
import { principalDirections, symmetricEigen } from './principal-directions.ts';

// 2 +- sqrt(2) and 2: the second differences of a string of three masses
test('eigenvalues and eigenvectors of a known matrix', () => {
  const matrix = [
    [2, -1, 0],
    [-1, 2, -1],
    [0, -1, 2],
  ].map((row) => Float64Array.from(row));
  const { values, vectors } = symmetricEigen(matrix);
  const expected = [2 - Math.SQRT2, 2, 2 + Math.SQRT2];
  for (const [i, value] of [...values].sort().entries()) expect(value).toBeCloseTo(expected[i] ?? NaN, 12);
  for (const [k, value] of values.entries())
    for (const [i, row] of matrix.entries()) {
      const product = row.reduce((sum, a, j) => sum + a * (vectors[j]?.[k] ?? NaN), 0);
      expect(product).toBeCloseTo(value * (vectors[i]?.[k] ?? NaN), 12);
    }
});

// By hand: the rows lie on (0.6, 0.8, 0) at +-5 and on (0, 0, 1) at +-1; sums of squares 50 and 2 over n - 1 = 3
test('directions and variances of rows along two axes', () => {
  const rows = [
    [3, 4, 0],
    [-3, -4, 0],
    [0, 0, 1],
    [0, 0, -1],
  ].map((row) => Float64Array.from(row));
  const { directions, variances, totalVariance } = principalDirections(rows, 2);
  expect(variances[0]).toBeCloseTo(50 / 3, 10);
  expect(variances[1]).toBeCloseTo(2 / 3, 10);
  expect(totalVariance).toBeCloseTo(52 / 3, 10);
  expect([...(directions[0] ?? [])].map(Math.abs)).toEqual([
    expect.closeTo(0.6, 10),
    expect.closeTo(0.8, 10),
    expect.closeTo(0, 10),
  ]);
});
