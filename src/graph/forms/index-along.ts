import { at } from '../../base/index.ts';
import { apply, normalAxis, type OperatorForm, type ResultValue, type Value } from '../value.ts';

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
