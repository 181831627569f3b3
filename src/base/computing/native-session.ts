import type { ElementType, Tensor, TensorPort } from '../runtime-types.ts';
import type { Tensors } from './messages.ts';

/** What ONNX Runtime's packages for Node and for browsers have in common, as far as we use it. */
interface NativeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}
interface NativeSession<Native extends NativeTensor> {
  run(
    feeds: Readonly<Record<string, Native>>,
    fetches: Readonly<Record<string, Native | null>>,
  ): Promise<Readonly<Record<string, NativeTensor>>>;
}
interface NativePort {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

const ELEMENTS: { readonly [E in ElementType]: (data: unknown) => boolean } = {
  float32: (data) => data instanceof Float32Array,
  int16: (data) => data instanceof Int16Array,
  int32: (data) => data instanceof Int32Array,
  int64: (data) => data instanceof BigInt64Array,
  uint8: (data) => data instanceof Uint8Array,
  bool: (data) => data instanceof Uint8Array,
};

const isElement = (type: string | undefined): type is ElementType =>
  type !== undefined && Object.hasOwn(ELEMENTS, type);

/** Throws where a port is no tensor of an element that we have. */
export function nativePorts(metadata: readonly NativePort[]): TensorPort[] {
  return metadata.map(({ name, type, shape }) => {
    if (!isElement(type) || shape === undefined) throw new Error(`${name} is not a tensor that Ichor knows`);
    return { name, element: type, shape };
  });
}

/** Fills the buffers of `into` where given; everything else comes in new ones. */
export async function runNative<Native extends NativeTensor>(
  session: NativeSession<Native>,
  toNative: (tensor: Tensor) => Native,
  { feeds, wanted, into }: { feeds: Tensors; wanted: readonly string[]; into: Tensors },
): Promise<Tensors> {
  const fed = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toNative(tensor)]));
  const fetches = wanted.map((name) => [name, into[name] ? toNative(into[name]) : null] as const);
  const results = await session.run(fed, Object.fromEntries(fetches));
  return Object.fromEntries(wanted.map((name) => [name, into[name] ?? fromNative(name, results[name])]));
}

function fromNative(name: string, native: NativeTensor | undefined): Tensor {
  const tensor = native && { element: native.type, shape: native.dims, data: native.data };
  if (tensor === undefined || !isTensor(tensor))
    throw new Error(`the result ${name} is not a tensor that Ichor knows`);
  return tensor;
}

const isTensor = (tensor: { element: string; data: unknown; shape: readonly number[] }): tensor is Tensor =>
  isElement(tensor.element) && ELEMENTS[tensor.element](tensor.data);
