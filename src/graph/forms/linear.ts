import { at, firstOf } from '../../base/index.ts';
import type { Dimension, Shape } from '../dimension.ts';
import { apply, float, type OperatorForm, type ResultValue, shapeFault, type Value } from '../value.ts';
import { add, broadcastShapes } from './elementwise.ts';

interface MatMulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** ONNX Runtime fuses the transposes into its own product; other runtimes run them as written. */
export const MAT_MUL: OperatorForm<MatMulAttributes> = {
  name: 'matMul',
  outputs: (inputs, { transposeA, transposeB }) => {
    const [a, b] = firstOf(inputs, 2);
    if (a.shape.length < 2 || b.shape.length < 2)
      throw shapeFault('matMul', inputs, 'two matrices or stacks of them');
    const [rows, inner] = lastTwo(a.shape, transposeA);
    const [innerB, columns] = lastTwo(b.shape, transposeB);
    if (inner !== innerB) throw shapeFault('matMul', inputs, `equal inner sizes, not ${inner} and ${innerB}`);
    const stacks = [a, b].map(({ shape }) => float(shape.slice(0, -2)));
    return [float([...broadcastShapes('matMul', stacks), rows, columns])];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { transposeA, transposeB }) => {
    const turned = [transposeA, transposeB].map((turn, i) => {
      const name = at(inputs, i);
      const rank = at(inputTypes, i).shape.length;
      return turn ? writer.node('Transpose', [name], { perm: { ints: swapLastTwo(rank) } }) : name;
    });
    writer.node('MatMul', turned, {}, outputs);
  },
};

function lastTwo(shape: Shape, transposed: boolean): [Dimension, Dimension] {
  const [rows, columns] = firstOf(shape.slice(-2), 2);
  return transposed ? [columns, rows] : [rows, columns];
}

const swapLastTwo = (rank: number): number[] => [
  ...Array.from({ length: rank - 2 }, (_, axis) => axis),
  rank - 1,
  rank - 2,
];

/** The product of two matrices, or of stacks of them (leading axes broadcast). */
export function matMul(a: Value, b: Value, options: Partial<MatMulAttributes> = {}): ResultValue {
  return apply(MAT_MUL, [a, b], {
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
  });
}

/** x [rows, in] times weights [out, in] (PyTorch's layout) plus bias [out]. */
export function dense(x: Value, weights: Value, bias?: Value): ResultValue {
  const product = matMul(x, weights, { transposeB: true });
  return bias === undefined ? product : add(product, bias);
}
