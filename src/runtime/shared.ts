import type { ElementArrays, ElementType, Tensor } from '../base/index.ts';

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  bool: 1,
};

const ARRAYS: { readonly [E in ElementType]: new (buffer: SharedArrayBuffer) => ElementArrays[E] } = {
  float32: Float32Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** A tensor of zeros that both threads see: fed or filled without a copy. For weights and whatever is fed often. */
export function sharedTensor<E extends ElementType>(
  element: E,
  shape: readonly number[],
): Extract<Tensor, { element: E }> {
  const count = shape.reduce((a, b) => a * b, 1);
  const data = new ARRAYS[element](new SharedArrayBuffer(count * BYTES[element]));
  return { element, shape, data } as Extract<Tensor, { element: E }>;
}
