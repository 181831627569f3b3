import proto, { type onnx } from 'onnx-proto';
import type { ConvolutionAttributes } from './forms/convolution-attributes.ts';
import { takesWinograd, writeWinograd } from './forms/winograd.ts';
import { GraphWriter } from './onnx-writer.ts';
import { decodeModel } from './read-onnx.ts';

/**
 * A file for a CPU: wide convolutions with stored weights by Winograd's filtering, see writeWinograd. Values keep their
 * names; a file without such a convolution is given back.
 * @param isWanted of the weights' name; what a wanted one reads has rows and columns in multiples of 4
 */
export function winogradConvolutions(bytes: Uint8Array, isWanted: (weights: string) => boolean): Uint8Array {
  const model = decodeModel(bytes);
  const { graph } = model;
  const stored = new Map((graph.initializer ?? []).map(({ name, dims }) => [name, (dims ?? []).map(Number)]));
  const isFast = (node: onnx.INodeProto): boolean => {
    const weights = node.input?.[1] ?? '';
    const shape = node.opType === 'Conv' && isWanted(weights) ? stored.get(weights) : undefined;
    return shape !== undefined && takesWinograd(shape, settingsOf(node));
  };
  if (!(graph.node ?? []).some(isFast)) return bytes;
  const writer = new GraphWriter(graph.name ?? '', { taken: namesOf(graph) });
  for (const node of graph.node ?? []) {
    const [inputs, outputs] = [node.input ?? [], node.output ?? []];
    if (isFast(node)) writeWinograd(writer, { inputs, outputs }, stored.get(inputs[1] ?? '') ?? []);
    else writer.existing(node);
  }
  const written = writer.finish([], []);
  const initializer = [...(graph.initializer ?? []), ...(written.initializer ?? [])];
  model.graph = { ...graph, node: written.node ?? [], initializer };
  return proto.onnx.ModelProto.encode(model).finish();
}

const namesOf = ({ node, initializer, input }: onnx.IGraphProto): Set<string> =>
  new Set([
    ...(node ?? []).flatMap(({ output }) => output ?? []),
    ...[...(initializer ?? []), ...(input ?? [])].map(({ name }) => name ?? ''),
  ]);

/** As a convolution's own form writes them. */
function settingsOf({ attribute = [] }: onnx.INodeProto): ConvolutionAttributes {
  const of = (name: string) => attribute?.find((found) => found.name === name);
  const numbers = (name: string) => (of(name)?.ints ?? []).map(Number);
  const pads = numbers('pads');
  const half = pads.length / 2;
  return {
    strides: numbers('strides'),
    before: pads.slice(0, half),
    after: pads.slice(half),
    groups: Number(of('group')?.i ?? 1),
  };
}
