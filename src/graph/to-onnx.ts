import proto from 'onnx-proto';
import { type DeviceName, IchorError, type Tensor } from '../base/index.ts';
import { fixedSizes, showShape } from './dimension.ts';
import type { Graph } from './graph.ts';
import { GraphWriter, valueInfo } from './onnx-writer.ts';
import { OPERATORS } from './operators.ts';
import type { GraphNode, ParameterValue, ResultValue, Value } from './value.ts';

/** ONNX 1.13 of 2022: every runtime of the last years reads it. */
const OPSET = 18;
const IR_VERSION = 8;

export interface OnnxOptions {
  /** Stored in the file; a parameter that is not among them becomes an input. */
  readonly weights?: Readonly<Record<string, Tensor>>;
  /** Texts that travel in the file (`metadata_props`). */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Writes what this device computes fastest; unless given, what suits any. */
  readonly device?: DeviceName | undefined;
}

/** Writes a graph as an ONNX file: the same graph, weights and metadata give the same bytes. */
export function toOnnx(graph: Graph, options: OnnxOptions = {}): Uint8Array {
  const writer = new GraphWriter(graph.name, { device: options.device });
  const names = new Names(graph, writer);
  const stored = graph.parameters.filter((p) => options.weights?.[p.name] !== undefined);
  const fed = [...graph.inputs, ...graph.parameters.filter((p) => !stored.includes(p))];
  for (const leaf of [...graph.inputs, ...graph.parameters]) writer.reserve(leaf.name);
  for (const p of stored)
    writer.initialiser(p.name, checkedWeights(graph, p, options.weights?.[p.name] as Tensor));
  // A stored value of an input's name is what it is where it is not fed
  for (const { name, element, shape, byDefault } of graph.inputs)
    if (byDefault !== undefined)
      writer.initialiser(name, { element, shape: fixedSizes(shape), data: byDefault } as Tensor);
  for (const node of graph.nodes) writeNode(writer, names, node);
  for (const [name, value] of names.aliases) writer.node('Identity', [names.of(value)], {}, [name]);
  const model = proto.onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'ichor',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: writer.finish(
      fed.map((leaf) => valueInfo(leaf.name, leaf)),
      Object.entries(graph.outputs).map(([name, value]) => valueInfo(name, value)),
      Object.entries(graph.cuts).map(([name, value]) => valueInfo(name, value)),
    ),
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
  });
  return proto.onnx.ModelProto.encode(model).finish();
}

function checkedWeights(graph: Graph, wanted: ParameterValue, given: Tensor): Tensor {
  const fits = given.element === wanted.element && wanted.shape.join() === given.shape.join();
  if (fits) return given;
  const text = `${graph.name}: weights ${wanted.name} are ${given.element} ${showShape(given.shape)}, expected ${wanted.element} ${showShape(wanted.shape)}`;
  throw new IchorError('weights-mismatch', text);
}

function writeNode(writer: GraphWriter, names: Names, node: GraphNode): void {
  const operator = OPERATORS[node.operator];
  if (operator === undefined)
    throw new IchorError('operator-unknown', `no operator ${node.operator} in the table`);
  operator.onnx(
    writer,
    {
      inputs: node.inputs.map((value) => names.of(value)),
      outputs: node.outputs.map((_, output) => names.ofResult(node, output)),
      inputTypes: node.inputs,
      outputTypes: node.outputs,
      used: node.outputs.map((_, output) => names.isUsed(node, output)),
    },
    node.attributes,
  );
}

/** Gives every value its name in the file: the graph's own names where it has some, numbers elsewhere. */
class Names {
  readonly #writer: GraphWriter;
  readonly #results = new Map<GraphNode, (string | undefined)[]>();
  readonly #constants = new Map<Value, string>();
  readonly #used = new Map<GraphNode, Set<number>>();
  /** Names beyond a value's first, or of a value that is fed: written as copies. */
  readonly aliases: [string, Value][] = [];

  constructor(graph: Graph, writer: GraphWriter) {
    this.#writer = writer;
    const named = [...Object.entries(graph.outputs), ...Object.entries(graph.cuts)];
    for (const [name, value] of named) {
      writer.reserve(name);
      this.#claim(name, value);
    }
    for (const value of [...named.map(([, v]) => v), ...graph.nodes.flatMap((n) => n.inputs)])
      this.#use(value);
  }

  #claim(name: string, value: Value): void {
    const taken = value.kind !== 'result' || this.#results.get(value.node)?.[value.output] !== undefined;
    if (taken) this.aliases.push([name, value]);
    else this.#setResult(value, name);
  }

  #setResult({ node, output }: Pick<ResultValue, 'node' | 'output'>, name: string): void {
    const names = this.#results.get(node) ?? [];
    names[output] = name;
    this.#results.set(node, names);
  }

  #use(value: Value): void {
    if (value.kind !== 'result') return;
    const used = this.#used.get(value.node) ?? new Set<number>();
    this.#used.set(value.node, used.add(value.output));
  }

  isUsed(node: GraphNode, output: number): boolean {
    return this.#used.get(node)?.has(output) ?? false;
  }

  of(value: Value): string {
    if (value.kind === 'result') return this.ofResult(value.node, value.output);
    if (value.kind !== 'constant') return value.name;
    const name = this.#constants.get(value) ?? this.#writer.constant(value as unknown as Tensor);
    this.#constants.set(value, name);
    return name;
  }

  ofResult(node: GraphNode, output: number): string {
    const known = this.#results.get(node)?.[output];
    if (known !== undefined) return known;
    const name = this.#writer.fresh(node.operator);
    this.#setResult({ node, output }, name);
    return name;
  }
}
