import { at, firstOf } from '../../base/index.ts';
import { fixedSizes } from '../dimension.ts';
import { apply, float, type OperatorForm, type ResultValue, shapeFault, type Value } from '../value.ts';
import { type Direction, SCAN_DIRECTION } from './recurrence.ts';

interface RecurrenceAttributes {
  readonly direction: Direction;
}

/**
 * S_i = A_i S_(i-1) B_i + D_i from S = 0, with one step a row of the first axis: a [steps, m, m], b [steps, n, n],
 * d [steps, m, n] -> all S [steps, m, n]. Products of Jacobians along a sequence without the square of its length.
 */
export const MATRIX_RECURRENCE: OperatorForm<RecurrenceAttributes> = {
  name: 'matrixRecurrence',
  outputs: (inputs) => {
    const [a, b, d] = firstOf(inputs, 3);
    const [steps, m, n] = d.shape;
    const fits =
      d.shape.length === 3 &&
      a.shape.join() === [steps, m, m].join() &&
      b.shape.join() === [steps, n, n].join();
    if (!fits) throw shapeFault('matrixRecurrence', inputs, '[steps, m, m], [steps, n, n], [steps, m, n]');
    return [float(d.shape)];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { direction }) => {
    const [m, n] = firstOf(fixedSizes(at(inputTypes, 2).shape.slice(1)), 2);
    const ports = [
      { name: 'state', ...float([m, n]) },
      { name: 'a', ...float([m, m]) },
      { name: 'b', ...float([n, n]) },
      { name: 'd', ...float([m, n]) },
    ];
    const step = writer.body(ports, (body, names) => {
      const [state, a, b, d] = firstOf(names, 4);
      const product = body.node('MatMul', [body.node('MatMul', [a, state]), b]);
      const next = body.node('Add', [product, d]);
      const copy = body.node('Identity', [next]);
      return [
        { name: next, ...float([m, n]) },
        { name: copy, ...float([m, n]) },
      ];
    });
    const start = writer.floats(
      Array.from({ length: m * n }, () => 0),
      [m, n],
    );
    const walk = SCAN_DIRECTION[direction];
    writer.node(
      'Scan',
      [start, ...inputs],
      {
        body: step,
        num_scan_inputs: { int: 3 },
        scan_input_directions: { ints: [walk, walk, walk] },
        scan_output_directions: { ints: [walk] },
      },
      [writer.fresh('state'), at(outputs, 0)],
    );
  },
};

/** All states of the recurrence. */
export const matrixRecurrence = (
  { a, b, d }: { readonly a: Value; readonly b: Value; readonly d: Value },
  direction: Direction = 'forward',
): ResultValue => apply(MATRIX_RECURRENCE, [a, b, d], { direction });
