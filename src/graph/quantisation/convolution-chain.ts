import type { onnx } from 'onnx-proto';

/** A convolution with stored weights and the activation behind it, of an ONNX file. */
export interface ActivatedConvolution {
  readonly node: onnx.INodeProto;
  readonly activation: onnx.INodeProto;
  readonly input: string;
  readonly weights: string;
  readonly bias: string;
  /** After the activation, which never goes below 0. */
  readonly output: string;
}

const ACTIVATIONS = ['Relu', 'Clip'];

/** The convolutions whose weights' names are wanted, in the order of the file; those without an activation stay out. */
export function activatedConvolutions(
  graph: onnx.IGraphProto,
  isWanted: (weights: string) => boolean,
): ActivatedConvolution[] {
  const readers = readersOf(graph);
  return (graph.node ?? []).flatMap((node): ActivatedConvolution[] => {
    const [input = '', weights = '', bias = ''] = node.input ?? [];
    if (node.opType !== 'Conv' || !isWanted(weights) || bias === '') return [];
    const following = readers.get(node.output?.[0] ?? '') ?? [];
    const activation = following[0];
    if (following.length !== 1 || !activation || !ACTIVATIONS.includes(activation.opType ?? '')) return [];
    return [{ node, activation, input, weights, bias, output: activation.output?.[0] ?? '' }];
  });
}

/** Who reads each value. */
export function readersOf(graph: onnx.IGraphProto): Map<string, onnx.INodeProto[]> {
  const readers = new Map<string, onnx.INodeProto[]>();
  for (const node of graph.node ?? [])
    for (const name of node.input ?? []) readers.set(name, [...(readers.get(name) ?? []), node]);
  return readers;
}
