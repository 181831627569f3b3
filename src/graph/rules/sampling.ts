import { at, firstOf } from '../../base/index.ts';
import { fixedSizes } from '../dimension.ts';
import { matMul } from '../forms/linear.ts';
import { floats, type Value } from '../value.ts';
import { ruleOfOne } from './rule.ts';

/** The matrix [to, from] of linear resampling with half-pixel centres. */
function interpolation(from: number, to: number): Value {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, from - 1);
    const rest = place - low;
    matrix[i * from + low] = at(matrix, i * from + low) + 1 - rest;
    matrix[i * from + high] = at(matrix, i * from + high) + rest;
  }
  return floats(matrix, [to, from]);
}

export const SAMPLING_GRADIENTS = {
  // Resampling is linear in both axes: its transpose is the product with both matrices transposed
  resize: ruleOfOne<{ rows: number; columns: number }>(
    (dy, { inputs: [x], attributes: { rows, columns } }) => {
      const [fromRows, fromColumns] = firstOf(fixedSizes(x.shape.slice(2)), 2);
      const overRows = matMul(interpolation(fromRows, rows), dy, { transposeA: true });
      return [matMul(overRows, interpolation(fromColumns, columns))];
    },
  ),
  gridSample: { noGradient: 'augmentation moves the input, through which nothing is learned' },
};
