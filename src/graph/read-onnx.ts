import proto, { type onnx } from 'onnx-proto';
import { type ElementType, IchorError, messageOf, type Tensor, type TensorPort } from '../base/index.ts';
import { ONNX_ELEMENT } from './forms/elementwise.ts';

/** An ONNX file, read: what it says of itself and what it stores. */
export interface OnnxFile {
  readonly name: string;
  readonly producer: string;
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
  /** Weights and constants by name. Throws `onnx-unreadable` on an element type we do not write. */
  initialiser(name: string): Tensor | undefined;
  readonly initialiserNames: readonly string[];
}

/** Reads an ONNX file. Throws IchorError `onnx-unreadable` with what was expected. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const model = decodeModel(bytes);
  const { graph } = model;
  const stored = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  return {
    name: graph.name ?? '',
    producer: model.producerName,
    opset: Number(model.opsetImport.find((set) => (set.domain ?? '') === '')?.version ?? 0),
    metadata: Object.fromEntries(model.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''])),
    inputs: (graph.input ?? []).filter((port) => !stored.has(port.name ?? '')).map(portOf),
    outputs: (graph.output ?? []).map(portOf),
    initialiserNames: [...stored.keys()],
    initialiser: (name) => {
      const found = stored.get(name);
      return found === undefined ? undefined : tensorOf(found);
    },
  };
}

/** The same file with texts added or replaced in its metadata. Throws `onnx-unreadable`. */
export function withMetadata(bytes: Uint8Array, texts: Readonly<Record<string, string>>): Uint8Array {
  const model = decodeModel(bytes);
  const others = model.metadataProps.filter(({ key }) => !Object.hasOwn(texts, key ?? ''));
  model.metadataProps = [...others, ...Object.entries(texts).map(([key, value]) => ({ key, value }))];
  return proto.onnx.ModelProto.encode(model).finish();
}

/** A model with its graph, without which it is refused. */
type DecodedModel = onnx.ModelProto & { graph: onnx.IGraphProto };

/** The decoded model; what is no ONNX file is refused. */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  let model: onnx.ModelProto;
  try {
    model = proto.onnx.ModelProto.decode(bytes);
  } catch (thrown) {
    throw unreadable(`it does not decode (${messageOf(thrown)})`, thrown);
  }
  const { graph } = model;
  if (!graph || (graph.node ?? []).length === 0) throw unreadable('it holds no graph');
  return Object.assign(model, { graph });
}

const unreadable = (why: string, cause?: unknown): IchorError =>
  new IchorError('onnx-unreadable', `not a readable ONNX file: ${why}; an ONNX model was expected`, {
    cause,
  });

function elementOf(code: number | null | undefined, name: string): ElementType {
  const found = Object.entries(ONNX_ELEMENT).find(([, number]) => number === code);
  if (found === undefined) throw unreadable(`${name} has the element type ${code}`);
  return found[0] as ElementType;
}

function portOf({ name, type }: onnx.IValueInfoProto): TensorPort {
  const tensor = type?.tensorType;
  const shape = (tensor?.shape?.dim ?? []).map((d) => (d.dimParam ? d.dimParam : Number(d.dimValue ?? 0)));
  return { name: name ?? '', element: elementOf(tensor?.elemType, name ?? ''), shape };
}

type Decoder = (raw: ArrayBuffer) => Tensor['data'];
const DECODERS: Readonly<Record<ElementType, Decoder>> = {
  float32: (raw) => new Float32Array(raw),
  int16: (raw) => new Int16Array(raw),
  int32: (raw) => new Int32Array(raw),
  int64: (raw) => new BigInt64Array(raw),
  uint8: (raw) => new Uint8Array(raw),
  bool: (raw) => new Uint8Array(raw),
};

/** Weights lie in raw bytes (ours, PyTorch's) or, in older files, in a list of floats. */
function tensorOf(stored: onnx.ITensorProto): Tensor {
  const name = stored.name ?? '';
  const element = elementOf(stored.dataType, name);
  const shape = (stored.dims ?? []).map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  // A Buffer's own slice() would share the file's memory
  const raw = stored.rawData;
  const data =
    raw && raw.length > 0
      ? DECODERS[element](Uint8Array.from(raw).buffer)
      : Float32Array.from(stored.floatData ?? []);
  if (data.length !== count)
    throw unreadable(`${name} holds ${data.length} elements, its shape needs ${count}`);
  return { element, shape, data } as Tensor;
}
