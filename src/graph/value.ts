import {
  type DeviceName,
  type ElementArrays,
  type ElementType,
  IchorError,
  type NonEmpty,
  nonEmpty,
  type Tensor,
} from '../base/index.ts';
import { type Dimension, type Shape, showShape } from './dimension.ts';

/** What a value holds: the element's type, and the shape in which a dimension may be a name (`slices`). */
export interface ValueType {
  readonly element: ElementType;
  readonly shape: Shape;
}

/** Fed at every run, or where it has a default, at those that are to have another value. */
export interface InputValue extends ValueType {
  readonly kind: 'input';
  readonly name: string;
  readonly byDefault?: ElementArrays[ElementType] | undefined;
}
/** A weight: fed like an input while training, stored in the file when exported. */
export interface ParameterValue extends ValueType {
  readonly kind: 'parameter';
  readonly name: string;
}
export interface ConstantValue extends ValueType {
  readonly kind: 'constant';
  readonly data: ElementArrays[ElementType];
}
/** One output of an operator. */
export interface ResultValue extends ValueType {
  readonly kind: 'result';
  readonly node: GraphNode;
  readonly output: number;
}
/** A value of a graph: frozen plain data that knows what it is made from. */
export type Value = InputValue | ParameterValue | ConstantValue | ResultValue;

/** An operator at work: its name in OPERATORS, its inputs and settings. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: NonEmpty<Value>;
  readonly attributes: Attributes;
  readonly outputs: NonEmpty<ValueType>;
}

/** Settings of an operator: plain data, its names and types are the operator's own. */
export type Attributes = Readonly<Record<string, unknown>>;

export function input(
  name: string,
  shape: Shape,
  element: ElementType = 'float32',
  byDefault?: InputValue['byDefault'],
): InputValue {
  return Object.freeze({ kind: 'input', name, element, shape: Object.freeze([...shape]), byDefault });
}

export function parameter(name: string, shape: readonly number[]): ParameterValue {
  return Object.freeze({ kind: 'parameter', name, element: 'float32', shape: Object.freeze([...shape]) });
}

export function constant(tensor: Tensor): ConstantValue {
  const expected = tensor.shape.reduce((a, b) => a * b, 1);
  if (tensor.data.length !== expected) {
    const text = `a constant of shape ${showShape(tensor.shape)} needs ${expected} elements, got ${tensor.data.length}`;
    throw new IchorError('graph-shape', text);
  }
  return Object.freeze({ kind: 'constant', element: tensor.element, shape: tensor.shape, data: tensor.data });
}

/** A float32 constant, scalar unless a shape is given. */
export function floats(
  values: number | readonly number[] | Float32Array,
  shape?: readonly number[],
): ConstantValue {
  const data = typeof values === 'number' ? Float32Array.of(values) : Float32Array.from(values);
  return constant({
    element: 'float32',
    shape: shape ?? (typeof values === 'number' ? [] : [data.length]),
    data,
  });
}

/** An int64 constant vector. */
export function integers(values: readonly number[], shape?: readonly number[]): ConstantValue {
  const data = BigInt64Array.from(values, BigInt);
  return constant({ element: 'int64', shape: shape ?? [data.length], data });
}

/** What an operator is to the writer of ONNX files: names in, nodes out. */
export interface OnnxWriter {
  /** What the file is written for; for any device where it is not given. */
  readonly device: DeviceName | undefined;
  /** Adds a node; without `outputs` it has one, freshly named. Returns its first output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes?: OnnxAttributes,
    outputs?: readonly string[],
  ): string;
  /** A name that nothing else in the file has. */
  fresh(hint: string): string;
  /** The name of a constant in the file. */
  integers(values: readonly number[], shape?: readonly number[]): string;
  floats(values: readonly number[], shape?: readonly number[]): string;
  /** A graph of its own (the body of a loop), as an attribute. */
  body(
    inputs: readonly BodyPort[],
    build: (writer: OnnxWriter, names: readonly string[]) => readonly BodyPort[],
  ): OnnxBody;
}
export interface BodyPort extends ValueType {
  readonly name: string;
}
export interface OnnxBody {
  readonly body: unknown;
}
export type OnnxAttribute =
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { text: string }
  | OnnxBody;
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** A node about to be written: names and types of what goes in and out. */
export interface NodeNames {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly inputTypes: readonly ValueType[];
  readonly outputTypes: readonly ValueType[];
  /** False for an output that nothing reads. */
  readonly used: readonly boolean[];
}

/** The part of an operator that needs no other operator: the shape rule and the ONNX form. */
export interface OperatorForm<A extends object = Attributes> {
  readonly name: string;
  /** Checks the inputs and says what comes out; throws through `shapeFault`. */
  outputs(inputs: NonEmpty<ValueType>, attributes: A): NonEmpty<ValueType>;
  onnx(writer: OnnxWriter, names: NodeNames, attributes: A): void;
}

/** A node's outputs as values. */
export function outputsOf(node: GraphNode): NonEmpty<ResultValue> {
  const { outputs } = node;
  return nonEmpty(outputs.map((type, output) => Object.freeze({ kind: 'result', ...type, node, output })));
}

/** Applies an operator: all its outputs. */
export function applyAll<A extends object>(
  form: OperatorForm<A>,
  inputs: NonEmpty<Value>,
  attributes: A,
): NonEmpty<ResultValue> {
  const outputs = form.outputs(inputs, attributes);
  const node: GraphNode = Object.freeze({
    operator: form.name,
    inputs: Object.freeze<NonEmpty<Value>>([...inputs]),
    attributes: Object.freeze({ ...attributes }),
    outputs,
  });
  return outputsOf(node);
}

/** Applies an operator: its first output. */
export function apply<A extends object>(
  form: OperatorForm<A>,
  inputs: NonEmpty<Value>,
  attributes: A,
): ResultValue {
  return applyAll(form, inputs, attributes)[0];
}

/** The fault of a wrong shape: the operator, what it got, what it expects. */
export function shapeFault(operator: string, inputs: readonly ValueType[], expected: string): IchorError {
  const got = inputs.map((i) => `${i.element} ${showShape(i.shape)}`).join(', ');
  return new IchorError('graph-shape', `${operator} got ${got}; it expects ${expected}`);
}

export const float = (shape: Shape): ValueType => ({ element: 'float32', shape });

/** The dimension as a number, or a fault that names the operator. */
export function fixedDimension(operator: string, type: ValueType, axis: number): number {
  const dimension: Dimension | undefined = type.shape[axis];
  if (typeof dimension !== 'number') throw shapeFault(operator, [type], `a fixed size on axis ${axis}`);
  return dimension;
}

/** An axis counted from the front. */
export function normalAxis(operator: string, type: ValueType, axis: number): number {
  const normal = axis < 0 ? axis + type.shape.length : axis;
  if (!Number.isInteger(normal) || normal < 0 || normal >= type.shape.length) {
    throw shapeFault(operator, [type], `an axis between 0 and ${type.shape.length - 1}, not ${axis}`);
  }
  return normal;
}
