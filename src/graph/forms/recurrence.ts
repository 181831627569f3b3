import { at, firstOf, type NonEmpty } from '../../base/index.ts';
import {
  apply,
  type BodyPort,
  fixedDimension,
  float,
  type OnnxWriter,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
  type ValueType,
} from '../value.ts';
import { concat } from './layout.ts';

/** From the first step to the last, or from the last to the first. */
export type Direction = 'forward' | 'backward';
/** The same in ONNX's words. */
const ONNX_DIRECTION: Readonly<Record<Direction, string>> = { forward: 'forward', backward: 'reverse' };
/** How an ONNX Scan walks. */
export const SCAN_DIRECTION: Readonly<Record<Direction, number>> = { forward: 0, backward: 1 };

/** PyTorch orders the gates reset, update, new; ONNX orders them update, reset, hidden. */
const ONNX_GATES = [1, 0, 2];

/** The rows of PyTorch's three gates in ONNX's order, with ONNX's leading axis of directions. */
function onnxGates(writer: OnnxWriter, name: string, type: ValueType): string {
  const hidden = fixedDimension('gru', type, 0) / 3;
  const rows = ONNX_GATES.map((gate) => {
    const range = [[gate * hidden], [(gate + 1) * hidden], [0]].map((part) => writer.integers(part));
    return writer.node('Slice', [name, ...range]);
  });
  return writer.node('Unsqueeze', [writer.node('Concat', rows, { axis: { int: 0 } }), writer.integers([0])]);
}

/**
 * One direction of a gated recurrent unit over any number of steps, starting from zeros: x [steps, batch, in],
 * input weights [3 hidden, in], recurrent weights [3 hidden, hidden], two biases [3 hidden] -> [steps, batch, hidden].
 * Weights and formula as in PyTorch's GRU: r, z, n in this order,
 * n = tanh(W x + b + r * (R h + b')), h' = (1 - z) n + z h (ONNX: linear_before_reset = 1).
 */
export const GRU: OperatorForm<{ direction: Direction }> = {
  name: 'gru',
  outputs: (inputs) => {
    const [x, w, r, b, c] = firstOf(inputs, 5);
    const hidden = fixedDimension('gru', r, 1);
    const [steps, batch, width] = firstOf(x.shape, 3);
    const fits = [
      x.shape.length === 3 && w.shape.length === 2 && w.shape[1] === width,
      [w, r, b, c].every((value) => value.shape[0] === 3 * hidden),
      r.shape.length === 2 && b.shape.length === 1 && c.shape.length === 1,
    ];
    if (fits.includes(false)) {
      throw shapeFault(
        'gru',
        inputs,
        '[steps, batch, in], [3 hidden, in], [3 hidden, hidden], [3 hidden] twice',
      );
    }
    return [float([steps, batch, hidden])];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { direction }) => {
    const [w, r, b, c] = firstOf(
      [1, 2, 3, 4].map((i) => onnxGates(writer, at(inputs, i), at(inputTypes, i))),
      4,
    );
    const biases = writer.node('Concat', [b, c], { axis: { int: 1 } });
    const y = writer.node('GRU', [at(inputs, 0), w, r, biases], {
      hidden_size: { int: fixedDimension('gru', at(inputTypes, 2), 1) },
      linear_before_reset: { int: 1 },
      direction: { text: ONNX_DIRECTION[direction] },
    });
    // ONNX has an axis of directions between steps and batch
    writer.node('Squeeze', [y, writer.integers([1])], {}, outputs);
  },
};

/**
 * g[t] = c[t] + g[t'] J[t'], where t' is the step after t (`forward`) or before it (`backward`): the way of a cotangent
 * back through time. c [steps, rows, hidden], J [steps, 1 or rows, hidden, hidden] with J[out, in], g like c. With J
 * of one row, all rows share it: a whole batch of cotangents of one sequence.
 */
export const LINEAR_RECURRENCE: OperatorForm<{ direction: Direction }> = {
  name: 'linearRecurrence',
  outputs: (inputs) => {
    const [c, j] = firstOf(inputs, 2);
    const [steps, rows, hidden] = firstOf(c.shape, 3);
    const fits = c.shape.length === 3 && j.shape.length === 4 && j.shape[0] === steps;
    const square =
      j.shape[2] === hidden && j.shape[3] === hidden && (j.shape[1] === 1 || j.shape[1] === rows);
    if (!fits || !square) {
      throw shapeFault(
        'linearRecurrence',
        inputs,
        '[steps, rows, hidden], [steps, 1 or rows, hidden, hidden]',
      );
    }
    return [float(c.shape)];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { direction }) => {
    const [c, j] = firstOf(inputTypes, 2);
    const shared = j.shape[1] === 1;
    const row = { name: 'carry', ...float(c.shape.slice(1)) };
    const ports = [row, { ...row, name: 'cotangent' }, { name: 'jacobian', ...float(j.shape.slice(1)) }];
    const body = writer.body(ports, (inner, names) => recurrenceStep(inner, names, row, shared));
    const start = zerosOfStep(writer, at(inputs, 0));
    // A forward unit's cotangent walks from the last step to the first
    const walk = SCAN_DIRECTION[direction === 'forward' ? 'backward' : 'forward'];
    writer.node(
      'Scan',
      [start, at(inputs, 0), at(inputs, 1)],
      {
        body,
        num_scan_inputs: { int: 2 },
        scan_input_directions: { ints: [walk, walk] },
        scan_output_directions: { ints: [walk] },
      },
      [writer.fresh('carry'), at(outputs, 0)],
    );
  },
};

/** One step: g = c + carry, and carry = g J. */
function recurrenceStep(
  writer: OnnxWriter,
  names: readonly string[],
  row: BodyPort,
  shared: boolean,
): readonly BodyPort[] {
  const [carry, cotangent, jacobian] = firstOf(names, 3);
  const g = writer.node('Add', [carry, cotangent]);
  const axis = writer.integers([shared ? 0 : 1]);
  const [left, right] = shared
    ? [g, writer.node('Squeeze', [jacobian, axis])]
    : [writer.node('Unsqueeze', [g, axis]), jacobian];
  const product = writer.node('MatMul', [left, right]);
  const next = shared ? product : writer.node('Squeeze', [product, axis]);
  return [
    { ...row, name: next },
    { ...row, name: g },
  ];
}

/** Zeros in the shape of one step of a sequence. */
function zerosOfStep(writer: OnnxWriter, sequence: string): string {
  const shape = writer.node('Shape', [sequence], { start: { int: 1 } });
  return writer.node('Expand', [writer.floats([0], []), shape]);
}

/** Weights of one direction, in PyTorch's layout and gate order (see GRU). */
export interface GruWeights {
  readonly input: Value;
  readonly recurrent: Value;
  readonly inputBias: Value;
  readonly recurrentBias: Value;
}

const inputsOf = (x: Value, w: GruWeights): NonEmpty<Value> => [
  x,
  w.input,
  w.recurrent,
  w.inputBias,
  w.recurrentBias,
];

/** x [steps, batch, in] -> [steps, batch, hidden]; `backward` reads from the last step to the first. */
export const gru = (x: Value, weights: GruWeights, direction: Direction = 'forward'): ResultValue =>
  apply(GRU, inputsOf(x, weights), { direction });

/** Both directions side by side: [steps, batch, 2 hidden], forward first. */
export const bidirectionalGru = (x: Value, forward: GruWeights, backward: GruWeights): ResultValue =>
  concat([gru(x, forward, 'forward'), gru(x, backward, 'backward')], 2);

export const linearRecurrence = (cotangents: Value, jacobians: Value, direction: Direction): ResultValue =>
  apply(LINEAR_RECURRENCE, [cotangents, jacobians], { direction });
