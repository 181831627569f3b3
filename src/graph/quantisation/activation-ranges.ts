import proto, { type onnx } from 'onnx-proto';
import { decodeModel } from '../read-onnx.ts';
import { activatedConvolutions } from './convolution-chain.ts';

/** Lowest and highest value that an activation took. */
export interface ActivationRange {
  readonly low: number;
  readonly high: number;
}

const FLOAT = 1;

/** What the convolutions read and give: the values whose ranges their quantisation needs. */
export function activationNames(bytes: Uint8Array, isWanted: (weights: string) => boolean): string[] {
  const { graph } = decodeModel(bytes);
  const names = activatedConvolutions(graph, isWanted).flatMap(({ input, output }) => [input, output]);
  return [...new Set(names)];
}

/** Of a value: the scalar outputs of a probe. */
export const rangeOutputs = (name: string) => ({ low: `${name}/lowest`, high: `${name}/highest` });

/** The same graph, which gives the lowest and the highest number of each named value and nothing else. */
export function rangeProbe(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const model = decodeModel(bytes);
  const { graph } = model;
  const probes = names.flatMap((name) => {
    const { low, high } = rangeOutputs(name);
    return [reduction('ReduceMin', name, low), reduction('ReduceMax', name, high)];
  });
  const output = probes.map((node) => scalarPort(node.output?.[0] ?? ''));
  model.graph = { ...graph, node: [...(graph.node ?? []), ...probes], output };
  return proto.onnx.ModelProto.encode(model).finish();
}

const reduction = (opType: string, input: string, output: string): onnx.INodeProto => ({
  opType,
  name: output,
  input: [input],
  output: [output],
  attribute: [{ name: 'keepdims', type: proto.onnx.AttributeProto.AttributeType.INT, i: 0 }],
});

const scalarPort = (name: string): onnx.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType: FLOAT, shape: { dim: [] } } },
});
