import { at } from '../../base/index.ts';
import { apply, normalAxis, type OperatorForm, type ResultValue, shapeFault, type Value } from '../value.ts';

/** 0, 1, 2, ... as float32 for an axis whose length is known only at the run. */
export const INDEX_ALONG: OperatorForm<{ axis: number }> = {
  name: 'indexAlong',
  outputs: ([x], { axis }) => [{ element: 'float32', shape: [at(x.shape, axis)] }],
  onnx: (writer, { inputs, outputs }, { axis }) => {
    const length = writer.node('Gather', [writer.node('Shape', inputs), writer.integers([axis], [])]);
    const range = writer.node('Range', [writer.integers([0], []), length, writer.integers([1], [])]);
    writer.node('Cast', [range], { to: { int: 1 } }, outputs);
  },
};

/** The places along an axis: float32 [length], counted from 0. */
export const indexAlong = (x: Value, axis: number): ResultValue =>
  apply(INDEX_ALONG, [x], { axis: normalAxis('indexAlong', x, axis) });

/** The same, every so many places only, as many as an int64 scalar says at the run. */
export const STEPS_ALONG: OperatorForm<{ axis: number; size: string }> = {
  name: 'stepsAlong',
  outputs: (inputs, { size }) => {
    const step = at(inputs, 1);
    if (step.element !== 'int64' || step.shape.length > 0)
      throw shapeFault('stepsAlong', inputs, 'an int64 scalar behind the value');
    return [{ element: 'float32', shape: [size] }];
  },
  onnx: (writer, { inputs: [x = '', step = ''], outputs }, { axis }) => {
    const length = writer.node('Gather', [writer.node('Shape', [x]), writer.integers([axis], [])]);
    const range = writer.node('Range', [writer.integers([0], []), length, step]);
    writer.node('Cast', [range], { to: { int: 1 } }, outputs);
  },
};

/** 0, step, 2 step, ... below an axis' length: float32, as many as `size` is to be called. */
export const stepsAlong = (x: Value, axis: number, step: Value, size: string): ResultValue =>
  apply(STEPS_ALONG, [x, step], { axis: normalAxis('stepsAlong', x, axis), size });
