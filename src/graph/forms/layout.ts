import { at, firstOf, nonEmpty } from '../../base/index.ts';
import { addDimensions, type Dimension, elementCountOf, type Shape, showShape } from '../dimension.ts';
import {
  apply,
  normalAxis,
  type OnnxWriter,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
} from '../value.ts';

const named = (dimension: Dimension | undefined): boolean => typeof dimension === 'string';

/** A shape as Reshape wants it: 0 copies the input's axis, one -1 stands for what is left. */
function reshapeTarget(from: Shape, to: Shape): number[] {
  const inferred = to.findIndex((d, axis) => named(d) && d !== from[axis]);
  return to.map((d, axis) => {
    if (typeof d === 'number') return d;
    return axis === inferred ? -1 : 0;
  });
}

export const RESHAPE: OperatorForm<{ shape: Shape }> = {
  name: 'reshape',
  outputs: (inputs, { shape }) => {
    const x = at(inputs, 0);
    if (elementCountOf(x.shape) !== elementCountOf(shape)) {
      throw shapeFault('reshape', inputs, `as many elements as ${showShape(shape)}`);
    }
    if (shape.filter((d, axis) => named(d) && d !== x.shape[axis]).length > 1) {
      throw shapeFault('reshape', inputs, `at most one named dimension that moves, not ${showShape(shape)}`);
    }
    return [{ element: x.element, shape }];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { shape }) => {
    const target = reshapeTarget(at(inputTypes, 0).shape, shape);
    writer.node('Reshape', [at(inputs, 0), writer.integers(target)], {}, outputs);
  },
};

export const TRANSPOSE: OperatorForm<{ order: readonly number[] }> = {
  name: 'transpose',
  outputs: (inputs, { order }) => {
    const x = at(inputs, 0);
    const axes = [...order].sort((a, b) => a - b);
    if (order.length !== x.shape.length || axes.some((axis, i) => axis !== i)) {
      throw shapeFault('transpose', inputs, `as many axes as ${showShape(order)}`);
    }
    return [{ element: x.element, shape: order.map((axis) => at(x.shape, axis)) }];
  },
  onnx: (writer, { inputs, outputs }, { order }) => {
    writer.node('Transpose', inputs, { perm: { ints: order } }, outputs);
  },
};

/** One axis from `start` to `end` in steps; a negative or absent end counts from the axis' end. */
export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  readonly end?: number | undefined;
  readonly step?: number;
}
interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  /** How many are left out at the end: the only way that a named dimension can be cut. */
  readonly dropped: number;
  readonly step: number;
}

export const SLICE: OperatorForm<SliceAttributes> = {
  name: 'slice',
  outputs: (inputs, { axis, start, dropped, step }) => {
    const x = at(inputs, 0);
    const length = addDimensions(at(x.shape, axis), -start - dropped);
    const wrong =
      start < 0 || dropped < 0 || step < 1 || (typeof length === 'number' ? length < 1 : step > 1);
    if (wrong)
      throw shapeFault(
        'slice',
        inputs,
        `a range within axis ${axis}, not ${start} to -${dropped} by ${step}`,
      );
    const size = typeof length === 'number' ? Math.ceil(length / step) : length;
    return [{ element: x.element, shape: x.shape.with(axis, size) }];
  },
  onnx: (writer, { inputs, outputs }, { axis, start, dropped, step }) => {
    const end = dropped === 0 ? Number.MAX_SAFE_INTEGER : -dropped;
    const range = [[start], [end], [axis], [step]].map((part) => writer.integers(part));
    writer.node('Slice', [at(inputs, 0), ...range], {}, outputs);
  },
};

export const FLIP: OperatorForm<{ axes: readonly number[] }> = {
  name: 'flip',
  outputs: ([{ element, shape }]) => [{ element, shape }],
  onnx: (writer, { inputs, outputs }, { axes }) => {
    const last = axes.map(() => -1);
    const ends = axes.map(() => -Number.MAX_SAFE_INTEGER);
    const range = [last, ends, axes, last].map((part) => writer.integers(part));
    writer.node('Slice', [at(inputs, 0), ...range], {}, outputs);
  },
};

export const CONCAT: OperatorForm<{ axis: number }> = {
  name: 'concat',
  outputs: (inputs, { axis }) => {
    const first = at(inputs, 0);
    const fits = inputs.every(
      (i) =>
        i.shape.length === first.shape.length && i.shape.every((d, a) => a === axis || d === first.shape[a]),
    );
    if (!fits) throw shapeFault('concat', inputs, `equal shapes but for axis ${axis}`);
    const size = inputs.reduce<Dimension>((sum, i) => addDimensions(sum, at(i.shape, axis)), 0);
    return [{ element: first.element, shape: first.shape.with(axis, size) }];
  },
  onnx: (writer, { inputs, outputs }, { axis }) => {
    writer.node('Concat', inputs, { axis: { int: axis } }, outputs);
  },
};

/** Zeros (or `value`) around: `before` and `after` have one number an axis; a negative number cuts. */
export const PAD: OperatorForm<{ before: readonly number[]; after: readonly number[]; value: number }> = {
  name: 'pad',
  outputs: (inputs, { before, after }) => {
    const x = at(inputs, 0);
    if (before.length !== x.shape.length || after.length !== x.shape.length || x.element !== 'float32') {
      throw shapeFault('pad', inputs, `float32 and ${before.length} axes`);
    }
    const shape = x.shape.map((d, a) => addDimensions(d, at(before, a) + at(after, a)));
    return [{ element: x.element, shape }];
  },
  onnx: (writer, { inputs, outputs }, { before, after, value }) => {
    const rest = [writer.integers([...before, ...after]), writer.floats([value], [])];
    writer.node('Pad', [at(inputs, 0), ...rest], { mode: { text: 'constant' } }, outputs);
  },
};

/** Rows of an axis by index: out of range is a fault of the run. */
export const GATHER: OperatorForm<{ axis: number }> = {
  name: 'gather',
  outputs: (inputs, { axis }) => {
    const [x, indices] = firstOf(inputs, 2);
    if (indices.element !== 'int64') throw shapeFault('gather', inputs, 'int64 indices');
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return [{ element: x.element, shape }];
  },
  onnx: (writer, { inputs, outputs }, { axis }) => {
    writer.node('Gather', inputs, { axis: { int: axis } }, outputs);
  },
};

/** The transpose of gather: adds the rows of `x` at `indices` of an axis of zeros as long as `like`'s. */
export const SCATTER_ADD: OperatorForm<{ axis: number }> = {
  name: 'scatterAdd',
  outputs: (inputs, { axis }) => {
    const [x, indices, like] = firstOf(inputs, 3);
    if (indices.shape.length !== 1) throw shapeFault('scatterAdd', inputs, 'a vector of indices');
    return [{ element: x.element, shape: x.shape.with(axis, at(like.shape, axis)) }];
  },
  onnx: (writer, { inputs, outputs, inputTypes }, { axis }) => {
    const [x, indices, like] = firstOf(inputs, 3);
    const rank = at(inputTypes, 0).shape.length;
    const column = writer.node('Reshape', [
      indices,
      writer.integers(Array.from({ length: rank }, (_, a) => (a === axis ? -1 : 1))),
    ]);
    const spread = writer.node('Expand', [column, writer.node('Shape', [x])]);
    const attributes = { axis: { int: axis }, reduction: { text: 'add' } };
    writer.node('ScatterElements', [zerosLike(writer, like), spread, x], attributes, outputs);
  },
};

/** Zeros in the shape of a value that is known only at the run. */
function zerosLike(writer: OnnxWriter, like: string): string {
  return writer.node('Expand', [writer.floats([0], []), writer.node('Shape', [like])]);
}

/** Repeats axes of size 1 until the shape is that of `like`. */
export const EXPAND_LIKE: OperatorForm<Readonly<Record<string, never>>> = {
  name: 'expandLike',
  outputs: (inputs) => {
    const [x, like] = firstOf(inputs, 2);
    const offset = like.shape.length - x.shape.length;
    if (offset < 0 || x.shape.some((d, a) => d !== 1 && d !== like.shape[a + offset])) {
      throw shapeFault('expandLike', inputs, 'axes that are 1 or equal to the second input');
    }
    return [{ element: x.element, shape: like.shape }];
  },
  onnx: (writer, { inputs, outputs }) => {
    writer.node('Expand', [at(inputs, 0), writer.node('Shape', [at(inputs, 1)])], {}, outputs);
  },
};

/** How many elements the given axes hold, as a float32 scalar: known only at the run where an axis is named. */
export const SIZE_OF: OperatorForm<{ axes: readonly number[] }> = {
  name: 'sizeOf',
  outputs: () => [{ element: 'float32', shape: [] }],
  onnx: (writer, { inputs, outputs }, { axes }) => {
    const picked = writer.node('Gather', [writer.node('Shape', inputs), writer.integers(axes)]);
    const product = writer.node('ReduceProd', [picked], { keepdims: { int: 0 } });
    writer.node('Cast', [product], { to: { int: 1 } }, outputs);
  },
};

export const reshape = (x: Value, shape: Shape): ResultValue =>
  apply(RESHAPE, [x], { shape: Object.freeze([...shape]) });
export const transpose = (x: Value, order: readonly number[]): ResultValue =>
  apply(TRANSPOSE, [x], { order });

/** Cuts one axis; on a named dimension the end must count from the axis' end. */
export function slice(x: Value, range: SliceRange): ResultValue {
  const axis = normalAxis('slice', x, range.axis);
  const { start, end, step = 1 } = range;
  return apply(SLICE, [x], { axis, start, dropped: droppedOf(x, axis, end), step });
}

function droppedOf(x: Value, axis: number, end: number | undefined): number {
  if (end === undefined) return 0;
  if (end < 0) return -end;
  const size = at(x.shape, axis);
  if (typeof size === 'number') return size - end;
  throw shapeFault('slice', [x], `an end counted from the end (negative) on the named axis ${axis}`);
}

export const flip = (x: Value, axes: readonly number[]): ResultValue => apply(FLIP, [x], { axes });
export const concat = (values: readonly Value[], axis: number): ResultValue =>
  apply(CONCAT, nonEmpty(values), { axis: normalAxis('concat', at(values, 0), axis) });
export const pad = (x: Value, before: readonly number[], after: readonly number[], value = 0): ResultValue =>
  apply(PAD, [x], { before, after, value });
export const gather = (x: Value, indices: Value, axis: number): ResultValue =>
  apply(GATHER, [x, indices], { axis: normalAxis('gather', x, axis) });
export const scatterAdd = (x: Value, indices: Value, like: Value, axis: number): ResultValue =>
  apply(SCATTER_ADD, [x, indices, like], { axis });
export const expandLike = (x: Value, like: Value): ResultValue => apply(EXPAND_LIKE, [x, like], {});
export const sizeOf = (x: Value, axes: readonly number[]): ResultValue => apply(SIZE_OF, [x], { axes });

/** Cuts an axis into parts of the given sizes, which must fill it. */
export function split(x: Value, axis: number, sizes: readonly number[]): ResultValue[] {
  let start = 0;
  return sizes.map((size) => {
    const part = slice(x, { axis, start, end: start + size });
    start += size;
    return part;
  });
}

export function unsqueeze(x: Value, axis: number): ResultValue {
  return reshape(x, x.shape.toSpliced(axis, 0, 1));
}

export function squeeze(x: Value, axis: number): ResultValue {
  const at = normalAxis('squeeze', x, axis);
  if (x.shape[at] !== 1) throw shapeFault('squeeze', [x], `size 1 on axis ${axis}`);
  return reshape(x, x.shape.toSpliced(at, 1));
}
