import proto, { type onnx } from 'onnx-proto';
import { at, type DeviceName, IchorError, type Tensor } from '../base/index.ts';
import { ONNX_ELEMENT } from './forms/elementwise.ts';
import type { BodyPort, OnnxAttribute, OnnxAttributes, OnnxBody, OnnxWriter, ValueType } from './value.ts';

/** Collects one ONNX graph: nodes in the order of writing, equal small constants once. */
export class GraphWriter implements OnnxWriter {
  readonly device: DeviceName | undefined;
  readonly #name: string;
  readonly #taken: Set<string>;
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #initialisers: onnx.ITensorProto[] = [];
  readonly #constants = new Map<string, string>();
  #counter = 0;

  /** A body shares the names of the graph around it: ONNX forbids the same name in both. */
  constructor(
    name: string,
    { taken = new Set(), device }: { taken?: Set<string>; device?: DeviceName | undefined } = {},
  ) {
    this.#name = name;
    this.#taken = taken;
    this.device = device;
  }

  reserve(name: string): void {
    if (this.#taken.has(name)) {
      throw new IchorError('graph-names', `graph ${this.#name}: two different values are named ${name}`);
    }
    this.#taken.add(name);
  }

  fresh(hint: string): string {
    let name: string;
    do name = `${hint}_${this.#counter++}`;
    while (this.#taken.has(name));
    this.#taken.add(name);
    return name;
  }

  node(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    outputs: readonly string[] = [this.fresh(opType)],
  ): string {
    const written = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    this.#nodes.push({ opType, input: [...inputs], output: [...outputs], attribute: written });
    return at(outputs, 0);
  }

  /** A node of another file, as it is there. */
  existing(node: onnx.INodeProto): void {
    this.#nodes.push(node);
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant({ element: 'int64', shape, data: BigInt64Array.from(values, BigInt) });
  }

  floats(values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant({ element: 'float32', shape, data: Float32Array.from(values) });
  }

  /** A constant in the file: small ones that are equal are stored once. */
  constant(tensor: Tensor): string {
    const key = tensor.data.length > 64 ? undefined : `${tensor.element} ${tensor.shape} ${tensor.data}`;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh('constant');
    if (key !== undefined) this.#constants.set(key, name);
    this.initialiser(name, tensor);
    return name;
  }

  initialiser(name: string, tensor: Tensor): void {
    this.#initialisers.push(tensorProto(name, tensor));
  }

  body(
    inputs: readonly BodyPort[],
    build: (writer: OnnxWriter, names: readonly string[]) => readonly BodyPort[],
  ): OnnxBody {
    const inner = new GraphWriter('body', { taken: this.#taken, device: this.device });
    const ports = inputs.map((port) => ({ ...port, name: inner.fresh(port.name) }));
    const outputs = build(
      inner,
      ports.map((port) => port.name),
    );
    return {
      body: inner.finish(
        ports.map((port) => valueInfo(port.name, port)),
        outputs.map((port) => valueInfo(port.name, port)),
      ),
    };
  }

  finish(
    input: onnx.IValueInfoProto[],
    output: onnx.IValueInfoProto[],
    valueInfo: onnx.IValueInfoProto[] = [],
  ): onnx.IGraphProto {
    return { valueInfo, name: this.#name, node: this.#nodes, initializer: this.#initialisers, input, output };
  }
}

function attribute(name: string, value: OnnxAttribute): onnx.IAttributeProto {
  const type = proto.onnx.AttributeProto.AttributeType;
  if ('int' in value) return { name, type: type.INT, i: value.int };
  if ('ints' in value) return { name, type: type.INTS, ints: [...value.ints] };
  if ('float' in value) return { name, type: type.FLOAT, f: value.float };
  if ('text' in value) return { name, type: type.STRING, s: new TextEncoder().encode(value.text) };
  return { name, type: type.GRAPH, g: value.body as onnx.IGraphProto };
}

function tensorProto(name: string, { element, shape, data }: Tensor): onnx.ITensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dataType: ONNX_ELEMENT[element], dims: [...shape], rawData };
}

/** A graph's input or output; an expression in named sizes is left to the runtime as a size without a name. */
export function valueInfo(name: string, { element, shape }: ValueType): onnx.IValueInfoProto {
  const dim = shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name, type: { tensorType: { elemType: ONNX_ELEMENT[element], shape: { dim } } } };
}
