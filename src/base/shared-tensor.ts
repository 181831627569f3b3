import type { ElementArrays, ElementType, Tensor } from './runtime-types.ts';

type Buffer = ArrayBuffer | SharedArrayBuffer;

const ARRAYS: {
  readonly [E in ElementType]: {
    readonly bytes: number;
    readonly over: (buffer: Buffer, count: number) => ElementArrays[E];
  };
} = {
  float32: { bytes: 4, over: (buffer, count) => new Float32Array(buffer, 0, count) },
  int16: { bytes: 2, over: (buffer, count) => new Int16Array(buffer, 0, count) },
  int32: { bytes: 4, over: (buffer, count) => new Int32Array(buffer, 0, count) },
  int64: { bytes: 8, over: (buffer, count) => new BigInt64Array(buffer, 0, count) },
  uint8: { bytes: 1, over: (buffer, count) => new Uint8Array(buffer, 0, count) },
  bool: { bytes: 1, over: (buffer, count) => new Uint8Array(buffer, 0, count) },
};

/**
 * A tensor of zeros that both threads see: fed or filled without a copy. For weights and whatever is fed often. In a page
 * that is not cross-origin isolated it is a plain one.
 */
export function sharedTensor<E extends ElementType>(
  element: E,
  shape: readonly number[],
): Extract<Tensor, { element: E }> {
  const count = shape.reduce((a, b) => a * b, 1);
  const { bytes, over } = ARRAYS[element];
  const isShared = typeof SharedArrayBuffer !== 'undefined';
  const buffer = isShared ? new SharedArrayBuffer(count * bytes) : new ArrayBuffer(count * bytes);
  return { element, shape, data: over(buffer, count) } as unknown as Extract<Tensor, { element: E }>;
}

/** The numbers of a float32 tensor among results. Throws RangeError where there is none of that name: a fault of ours. */
export function floatsOf(tensors: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const tensor = tensors[name];
  if (tensor?.element === 'float32') return tensor.data;
  throw new RangeError(`no float32 tensor ${name} among ${Object.keys(tensors).join(', ')}`);
}
