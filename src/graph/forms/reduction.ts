import { at } from '../../base/index.ts';
import type { Dimension } from '../dimension.ts';
import {
  apply,
  float,
  normalAxis,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
} from '../value.ts';

interface ReductionAttributes {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** From opset 18 on all three take their axes as an input. */
function reduction(name: string, opType: string): OperatorForm<ReductionAttributes> {
  return {
    name,
    outputs: (inputs, { axes, keep }) => {
      const x = at(inputs, 0);
      if (x.element !== 'float32') throw shapeFault(name, inputs, 'float32');
      const kept = x.shape.flatMap<Dimension>((d, a) => (axes.includes(a) ? (keep ? [1] : []) : [d]));
      return [float(kept)];
    },
    onnx: (writer, { inputs, outputs }, { axes, keep }) => {
      const reduced = [at(inputs, 0), writer.integers(axes)];
      writer.node(opType, reduced, { keepdims: { int: keep ? 1 : 0 } }, outputs);
    },
  };
}

export const REDUCTION_FORMS = {
  reduceSum: reduction('reduceSum', 'ReduceSum'),
  reduceMean: reduction('reduceMean', 'ReduceMean'),
  reduceMax: reduction('reduceMax', 'ReduceMax'),
} as const;

function alongAxis(name: string, opType: string): OperatorForm<{ axis: number }> {
  return {
    name,
    outputs: ([x]) => [float(x.shape)],
    onnx: (writer, { inputs, outputs }, { axis }) => {
      writer.node(opType, inputs, { axis: { int: axis } }, outputs);
    },
  };
}

export const SOFTMAX_FORMS = {
  softmax: alongAxis('softmax', 'Softmax'),
  logSoftmax: alongAxis('logSoftmax', 'LogSoftmax'),
} as const;

interface ReductionOptions {
  /** All axes if absent. */
  readonly axes?: readonly number[];
  /** Keeps reduced axes with size 1. */
  readonly keep?: boolean;
}

const reduce =
  (form: OperatorForm<ReductionAttributes>) =>
  (x: Value, { axes, keep = false }: ReductionOptions = {}): ResultValue => {
    const all = axes ?? x.shape.map((_, axis) => axis);
    return apply(form, [x], { axes: all.map((axis) => normalAxis(form.name, x, axis)), keep });
  };

export const reduceSum = reduce(REDUCTION_FORMS.reduceSum);
export const reduceMean = reduce(REDUCTION_FORMS.reduceMean);
export const reduceMax = reduce(REDUCTION_FORMS.reduceMax);

export const softmax = (x: Value, axis = -1): ResultValue =>
  apply(SOFTMAX_FORMS.softmax, [x], { axis: normalAxis('softmax', x, axis) });
export const logSoftmax = (x: Value, axis = -1): ResultValue =>
  apply(SOFTMAX_FORMS.logSoftmax, [x], { axis: normalAxis('logSoftmax', x, axis) });
