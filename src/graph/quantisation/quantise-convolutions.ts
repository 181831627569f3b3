import proto, { type onnx } from 'onnx-proto';
import { at, firstOf, IchorError, type Tensor } from '../../base/index.ts';
import { decodeModel, readOnnx } from '../read-onnx.ts';
import type { ActivationRange } from './activation-ranges.ts';
import { type ActivatedConvolution, activatedConvolutions } from './convolution-chain.ts';

/** How a float value is held as uint8: value = scale * (stored - zero). */
interface ByteForm {
  readonly scale: number;
  readonly zero: number;
  /** Names of the scale's and the zero's tensors. */
  readonly names: readonly [string, string];
}

const [FLOAT, UINT8, INT8, INT32] = [1, 2, 3, 6] as const;

/**
 * Convolutions with their ReLU and the max pooling between them in 8 bits (Jacob et al. 2018): activations as uint8 with
 * a scale each, weights as int8 from -64 to 64 with a scale for each output channel, sums as int32. Everything else stays
 * float, and values keep their names. Throws IchorError `range-missing`.
 * @param ranges of what the convolutions read and give, see activationNames
 */
export function quantiseConvolutions(
  bytes: Uint8Array,
  isWanted: (weights: string) => boolean,
  ranges: ReadonlyMap<string, ActivationRange>,
): Uint8Array {
  const model = decodeModel(bytes);
  const { graph } = model;
  const stored = readOnnx(bytes);
  const rewriting = new Rewriting(graph, ranges, (name) => stored.initialiser(name) as Tensor);
  const chains = new Map(activatedConvolutions(graph, isWanted).map((chain) => [chain.node, chain]));
  const dropped = new Set([...chains.values()].map(({ activation }) => activation));
  for (const node of graph.node ?? []) {
    const chain = chains.get(node);
    if (chain !== undefined) rewriting.convolution(chain);
    else if (!dropped.has(node)) rewriting.other(node);
  }
  rewriting.restoreOutputs();
  model.graph = rewriting.finish();
  return proto.onnx.ModelProto.encode(model).finish();
}

/** The graph as it is written anew, node by node. */
class Rewriting {
  readonly #graph: onnx.IGraphProto;
  readonly #ranges: ReadonlyMap<string, ActivationRange>;
  readonly #weightsOf: (name: string) => Tensor;
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #tensors: onnx.ITensorProto[] = [];
  readonly #replaced = new Set<string>();
  /** Values that exist as bytes, under `<name>/bytes`. */
  readonly #asBytes = new Map<string, ByteForm>();
  /** Values that exist as floats although a quantised node made them. */
  readonly #restored = new Set<string>();

  constructor(
    graph: onnx.IGraphProto,
    ranges: ReadonlyMap<string, ActivationRange>,
    weightsOf: (name: string) => Tensor,
  ) {
    this.#graph = graph;
    this.#ranges = ranges;
    this.#weightsOf = weightsOf;
  }

  convolution({ node, input, weights, bias, output }: ActivatedConvolution): void {
    const from = this.#asBytes.get(input) ?? this.#quantise(input);
    const to = this.#formOf(output);
    const kernel = quantisedWeights(this.#weightsOf(weights), this.#weightsOf(bias), from.scale);
    const names = ['bytes', 'scales', 'zeros', 'sums'].map((part) => `${weights}/${part}`);
    const [bytes, scales, zeros, sums] = firstOf(names, 4);
    const outputs = kernel.scales.length;
    this.#tensor(bytes, INT8, kernel.shape, kernel.weights);
    this.#tensor(scales, FLOAT, [outputs], kernel.scales);
    this.#tensor(zeros, INT8, [outputs], new Int8Array(outputs));
    this.#tensor(sums, INT32, [outputs], kernel.bias);
    this.#replaced.add(weights).add(bias);
    this.#nodes.push({
      ...node,
      opType: 'QLinearConv',
      name: `${output}/bytes`,
      input: [`${input}/bytes`, ...from.names, bytes, scales, zeros, ...to.names, sums],
      output: [`${output}/bytes`],
    });
    this.#asBytes.set(output, to);
  }

  /** Max pooling of bytes stays bytes; whatever else reads a quantised value gets it back as floats. */
  other(node: onnx.INodeProto): void {
    const [input = ''] = node.input ?? [];
    const [output = ''] = node.output ?? [];
    const form = node.opType === 'MaxPool' ? this.#asBytes.get(input) : undefined;
    if (form !== undefined) {
      this.#nodes.push({ ...node, input: [`${input}/bytes`], output: [`${output}/bytes`] });
      this.#asBytes.set(output, form);
      return;
    }
    for (const name of node.input ?? []) this.#restore(name);
    this.#nodes.push(node);
  }

  /** Outputs of the file and the values that it may be cut at. */
  restoreOutputs(): void {
    for (const { name } of [...(this.#graph.output ?? []), ...(this.#graph.valueInfo ?? [])])
      this.#restore(name ?? '');
  }

  finish(): onnx.IGraphProto {
    const kept = (this.#graph.initializer ?? []).filter(({ name }) => !this.#replaced.has(name ?? ''));
    return { ...this.#graph, node: this.#nodes, initializer: [...kept, ...this.#tensors] };
  }

  #quantise(name: string): ByteForm {
    const form = this.#formOf(name);
    this.#nodes.push({
      opType: 'QuantizeLinear',
      name: `${name}/bytes`,
      input: [name, ...form.names],
      output: [`${name}/bytes`],
    });
    this.#asBytes.set(name, form);
    this.#restored.add(name);
    return form;
  }

  #restore(name: string): void {
    const form = this.#asBytes.get(name);
    if (form === undefined || this.#restored.has(name)) return;
    this.#nodes.push({
      opType: 'DequantizeLinear',
      name: `${name}/floats`,
      input: [`${name}/bytes`, ...form.names],
      output: [name],
    });
    this.#restored.add(name);
  }

  /** A range that holds 0, so that padding is exact. */
  #formOf(name: string): ByteForm {
    const range = this.#ranges.get(name);
    if (range === undefined) throw new IchorError('range-missing', `the range of ${name} was not measured`);
    const low = Math.min(0, range.low);
    const scale = Math.max((Math.max(0, range.high) - low) / 255, SMALLEST_SCALE);
    const zero = Math.round(-low / scale);
    const names = [`${name}/scale`, `${name}/zero`] as const;
    this.#tensor(names[0], FLOAT, [], Float32Array.of(scale));
    this.#tensor(names[1], UINT8, [], Uint8Array.of(zero));
    return { scale: Math.fround(scale), zero, names };
  }

  #tensor(name: string, dataType: number, dims: readonly number[], data: ArrayBufferView): void {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#tensors.push({ name, dataType, dims: [...dims], rawData });
  }
}

/** Of a value that was 0 wherever it was measured; the product of two such scales is still a normal float32. */
const SMALLEST_SCALE = 2 ** -60;

/** A bias in steps of the sum leaves half of int32 to what is added to it. */
const MOST_BIAS = 2 ** 30;

/**
 * Weights in steps of -64 to 64: where a CPU has no VNNI, the instruction behind QLinearConv adds two products of a uint8
 * and an int8 in 16 bits, and two of 255 x 127 do not fit: sums would be cut in silence, on some machines only.
 */
const MOST_WEIGHT = 64;

/**
 * Weights [outputs, ...] with a scale an output; the bias in steps of the sum, input scale x weight scale: where that of
 * the weights alone is too fine for the bias, it is as coarse as the bias needs.
 */
function quantisedWeights(weights: Tensor, bias: Tensor, inputScale: number) {
  const values = weights.data as Float32Array;
  const outputs = at(weights.shape, 0);
  const each = values.length / outputs;
  const scales = new Float32Array(outputs);
  const bytes = new Int8Array(values.length);
  const sums = new Int32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const own = values.subarray(output * each, (output + 1) * each);
    let largest = 0;
    for (const value of own) largest = Math.max(largest, Math.abs(value));
    const ownBias = bias.data[output] as number;
    const finest = Math.abs(ownBias) / inputScale / MOST_BIAS;
    const scale = Math.fround(Math.max(largest / MOST_WEIGHT, finest, SMALLEST_SCALE));
    scales[output] = scale;
    for (const [i, value] of own.entries()) bytes[output * each + i] = Math.round(value / scale);
    sums[output] = Math.round(ownBias / (scale * inputScale));
  }
  return { shape: weights.shape, weights: bytes, scales, bias: sums };
}
