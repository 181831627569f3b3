import { at, type ElementType, firstOf } from '../../base/index.ts';
import type { Dimension, Shape } from '../dimension.ts';
import {
  apply,
  floats,
  type OperatorForm,
  type ResultValue,
  shapeFault,
  type Value,
  type ValueType,
} from '../value.ts';

type NoAttributes = Readonly<Record<string, never>>;
const NONE: NoAttributes = Object.freeze({});

function unary(name: string, opType: string): OperatorForm<NoAttributes> {
  return {
    name,
    outputs: ([{ element, shape }]) => [{ element, shape }],
    onnx: (writer, { inputs, outputs }) => {
      writer.node(opType, inputs, {}, outputs);
    },
  };
}

/** NumPy's broadcasting; a named dimension fits itself and 1. */
export function broadcastShapes(operator: string, inputs: readonly ValueType[]): Shape {
  const rank = Math.max(...inputs.map((i) => i.shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const dimensions = inputs.map((i) => i.shape[i.shape.length - rank + axis] ?? 1);
    const kinds = new Set<Dimension>(dimensions.filter((d) => d !== 1));
    if (kinds.size > 1) throw shapeFault(operator, inputs, 'shapes that are equal or 1 on every axis');
    return [...kinds][0] ?? 1;
  });
}

function sameElements(operator: string, inputs: readonly ValueType[]): ElementType {
  const element = at(inputs, 0).element;
  if (inputs.some((i) => i.element !== element)) throw shapeFault(operator, inputs, 'one element type');
  return element;
}

function binary(name: string, opType: string, result?: ElementType): OperatorForm<NoAttributes> {
  return {
    name,
    outputs: (inputs) => {
      const element = sameElements(name, inputs);
      return [{ element: result ?? element, shape: broadcastShapes(name, inputs) }];
    },
    onnx: (writer, { inputs, outputs }) => {
      writer.node(opType, inputs, {}, outputs);
    },
  };
}

/** Operators on each element alone. */
export const UNARY_FORMS = {
  negate: unary('negate', 'Neg'),
  absolute: unary('absolute', 'Abs'),
  sign: unary('sign', 'Sign'),
  exponential: unary('exponential', 'Exp'),
  logarithm: unary('logarithm', 'Log'),
  squareRoot: unary('squareRoot', 'Sqrt'),
  relu: unary('relu', 'Relu'),
  sigmoid: unary('sigmoid', 'Sigmoid'),
  tanh: unary('tanh', 'Tanh'),
  softplus: unary('softplus', 'Softplus'),
  not: unary('not', 'Not'),
} as const;

/** Operators on two values, broadcast. */
export const BINARY_FORMS = {
  add: binary('add', 'Add'),
  subtract: binary('subtract', 'Sub'),
  multiply: binary('multiply', 'Mul'),
  divide: binary('divide', 'Div'),
  minimum: binary('minimum', 'Min'),
  maximum: binary('maximum', 'Max'),
  power: binary('power', 'Pow'),
  greater: binary('greater', 'Greater', 'bool'),
  greaterOrEqual: binary('greaterOrEqual', 'GreaterOrEqual', 'bool'),
  equal: binary('equal', 'Equal', 'bool'),
  and: binary('and', 'And', 'bool'),
  or: binary('or', 'Or', 'bool'),
} as const;

export const CLIP: OperatorForm<{ low: number; high: number }> = {
  name: 'clip',
  outputs: ([{ element, shape }]) => [{ element, shape }],
  onnx: (writer, { inputs, outputs }, { low, high }) => {
    writer.node('Clip', [at(inputs, 0), writer.floats([low], []), writer.floats([high], [])], {}, outputs);
  },
};

/**
 * 1 where x lies above the bound (below it, if `below`), else 0, as float32. Written as HardSigmoid with a slope so
 * steep that it is a step: ONNX Runtime computes it and the multiplication by it on all threads, which Greater and
 * Where are not. A power of two as slope keeps the bound exact.
 */
export const IS_BEYOND: OperatorForm<{ bound: number; below: boolean }> = {
  name: 'isBeyond',
  outputs: ([x]) => [{ element: 'float32', shape: x.shape }],
  onnx: (writer, { inputs, outputs }, { bound, below }) => {
    const slope = 2 ** (126 - Math.max(0, Math.ceil(Math.log2(Math.abs(bound) + 1)))) * (below ? -1 : 1);
    const line = { alpha: { float: slope }, beta: { float: -bound * slope } };
    writer.node('HardSigmoid', inputs, line, outputs);
  },
};

export const CAST: OperatorForm<{ to: ElementType }> = {
  name: 'cast',
  outputs: ([x], { to }) => [{ element: to, shape: x.shape }],
  onnx: (writer, { inputs, outputs }, { to }) => {
    writer.node('Cast', inputs, { to: { int: ONNX_ELEMENT[to] } }, outputs);
  },
};

/** Element types as onnx.proto numbers them. */
export const ONNX_ELEMENT: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
};

export const WHERE: OperatorForm<NoAttributes> = {
  name: 'where',
  outputs: (inputs) => {
    const [condition, yes, no] = firstOf(inputs, 3);
    if (condition.element !== 'bool') throw shapeFault('where', inputs, 'a bool condition first');
    return [{ element: sameElements('where', [yes, no]), shape: broadcastShapes('where', inputs) }];
  },
  onnx: (writer, { inputs, outputs }) => {
    writer.node('Where', inputs, {}, outputs);
  },
};

/** A number stands for a float32 scalar. */
export type Operand = Value | number;
const toValue = (operand: Operand): Value => (typeof operand === 'number' ? floats(operand) : operand);
const one =
  (form: OperatorForm<NoAttributes>) =>
  (x: Value): ResultValue =>
    apply(form, [x], NONE);
const two =
  (form: OperatorForm<NoAttributes>) =>
  (a: Operand, b: Operand): ResultValue =>
    apply(form, [toValue(a), toValue(b)], NONE);

export const negate = one(UNARY_FORMS.negate);
export const absolute = one(UNARY_FORMS.absolute);
export const sign = one(UNARY_FORMS.sign);
export const exponential = one(UNARY_FORMS.exponential);
export const logarithm = one(UNARY_FORMS.logarithm);
export const squareRoot = one(UNARY_FORMS.squareRoot);
export const relu = one(UNARY_FORMS.relu);
export const sigmoid = one(UNARY_FORMS.sigmoid);
export const tanh = one(UNARY_FORMS.tanh);
/** log(1 + e^x), stable. */
export const softplus = one(UNARY_FORMS.softplus);
export const not = one(UNARY_FORMS.not);
export const add = two(BINARY_FORMS.add);
export const subtract = two(BINARY_FORMS.subtract);
export const multiply = two(BINARY_FORMS.multiply);
export const divide = two(BINARY_FORMS.divide);
export const minimum = two(BINARY_FORMS.minimum);
export const maximum = two(BINARY_FORMS.maximum);
/** a^b; the gradient reaches a only, b must be a constant. */
export const power = two(BINARY_FORMS.power);
export const greater = two(BINARY_FORMS.greater);
export const greaterOrEqual = two(BINARY_FORMS.greaterOrEqual);
export const equal = two(BINARY_FORMS.equal);
export const and = two(BINARY_FORMS.and);
export const or = two(BINARY_FORMS.or);
export const isAbove = (x: Value, bound: number): ResultValue =>
  apply(IS_BEYOND, [x], { bound, below: false });
export const isBelow = (x: Value, bound: number): ResultValue =>
  apply(IS_BEYOND, [x], { bound, below: true });
export const isPositive = (x: Value): ResultValue => isAbove(x, 0);

export const clip = (x: Value, low: number, high: number): ResultValue => apply(CLIP, [x], { low, high });
export const relu6 = (x: Value): ResultValue => clip(x, 0, 6);
export const cast = (x: Value, to: ElementType): ResultValue => apply(CAST, [x], { to });
export const where = (condition: Value, yes: Operand, no: Operand): ResultValue =>
  apply(WHERE, [condition, toValue(yes), toValue(no)], NONE);
