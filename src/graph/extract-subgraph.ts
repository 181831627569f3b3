import proto, { type onnx } from 'onnx-proto';
import { IchorError } from '../base/index.ts';
import { decodeModel } from './read-onnx.ts';

/**
 * The part of an ONNX file between named values, as a file of its own: nodes that the outputs need, back to the
 * inputs, with their weights and the file's metadata. The numbers are those of the whole.
 * Throws IchorError `cut-unknown` for a name that is not in the file, `cut-incomplete` when the outputs need an input
 * of the file that is not among the given ones. An inner value keeps its element type; where the file does not give
 * its shape, the cut's input or output has none either.
 */
export function extractSubgraph(
  bytes: Uint8Array,
  inputs: readonly string[],
  outputs: readonly string[],
): Uint8Array {
  const model = decodeModel(bytes);
  const { graph } = model;
  const known = portsOf(graph);
  const port = (name: string): onnx.IValueInfoProto => {
    const found = known.get(name);
    if (found !== undefined) return found;
    throw new IchorError('cut-unknown', `the model has no value named ${name} to be cut at`);
  };
  const ports = { input: inputs.map(port), output: outputs.map(port) };
  const { nodes, leaves } = neededBetween(graph, new Set(inputs), outputs);
  const initializer = (graph.initializer ?? []).filter((tensor) => leaves.has(tensor.name ?? ''));
  refuseOpen(graph, leaves, inputs);
  model.graph = { name: graph.name ?? '', node: nodes, initializer, ...ports };
  return proto.onnx.ModelProto.encode(model).finish();
}

/** Every value whose type the file states: its inputs and outputs and the cuts that were named. */
function portsOf(graph: onnx.IGraphProto): Map<string, onnx.IValueInfoProto> {
  const stated = [...(graph.input ?? []), ...(graph.output ?? []), ...(graph.valueInfo ?? [])];
  return new Map(stated.map((port) => [port.name ?? '', port]));
}

/** The nodes behind the outputs up to the inputs, in their order, and the names read that no node makes. */
function neededBetween(graph: onnx.IGraphProto, inputs: ReadonlySet<string>, outputs: readonly string[]) {
  const maker = new Map<string, onnx.INodeProto>();
  for (const node of graph.node ?? []) for (const name of node.output ?? []) maker.set(name, node);
  const needed = new Set<onnx.INodeProto>();
  const leaves = new Set<string>();
  const open = outputs.filter((name) => !inputs.has(name));
  while (open.length > 0) {
    const name = open.pop() as string;
    const node = maker.get(name);
    if (node === undefined) leaves.add(name);
    else if (!needed.has(node)) {
      needed.add(node);
      open.push(...readsOf(node).filter((read) => read !== '' && !inputs.has(read)));
    }
  }
  return { nodes: (graph.node ?? []).filter((node) => needed.has(node)), leaves };
}

/** What a node reads, its bodies' reads of the graph around them included. */
function readsOf(node: onnx.INodeProto): string[] {
  const bodies = (node.attribute ?? []).flatMap((attribute) => (attribute.g ? [attribute.g] : []));
  return [...(node.input ?? []), ...bodies.flatMap(outerReads)];
}

function outerReads(body: onnx.IGraphProto): string[] {
  const made = [
    ...(body.input ?? []).map((port) => port.name),
    ...(body.initializer ?? []).map((tensor) => tensor.name),
    ...(body.node ?? []).flatMap((node) => node.output ?? []),
  ];
  return (body.node ?? []).flatMap(readsOf).filter((name) => !made.includes(name));
}

function refuseOpen(graph: onnx.IGraphProto, leaves: ReadonlySet<string>, inputs: readonly string[]): void {
  const stored = new Set((graph.initializer ?? []).map((tensor) => tensor.name));
  const open = [...leaves].filter((name) => !stored.has(name) && !inputs.includes(name));
  if (open.length === 0) return;
  throw new IchorError('cut-incomplete', `the cut also needs ${open.join(', ')}: give it as an input`);
}
