import type { Tensor } from '../base/index.ts';
import { unreadable } from './byte-cursor.ts';

/** How a number is stored; the names are safetensors'. */
export interface ElementForm {
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

export const ELEMENTS = {
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, read: (view, at) => halfFloat(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: (view, at) => brainFloat(view.getUint16(at, true)) },
  I64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
} as const satisfies Readonly<Record<string, ElementForm>>;

/** Where a tensor's elements lie in its storage, counted in elements. */
export interface StridedPlace {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** Steps between elements of a tensor without gaps, its last axis fastest. */
export function contiguous(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The tensor as float32, whatever it is stored as. Throws `weights-file-unreadable` where it leaves its storage. */
export function floatTensor(
  bytes: Uint8Array,
  form: ElementForm,
  { offset, shape, strides }: StridedPlace,
  where: string,
): Tensor {
  const last = shape.reduce((sum, size, axis) => sum + Math.max(0, size - 1) * (strides[axis] ?? 0), offset);
  const count = shape.reduce((a, b) => a * b, 1);
  const sound = [offset, ...shape, ...strides].every(isSize) && strides.length === shape.length;
  if (!sound || (count > 0 && (last + 1) * form.bytes > bytes.length))
    throw unreadable(where, `a tensor [${shape.join(', ')}] does not lie within its ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, at = offset; i < count; i++) {
    data[i] = form.read(view, at * form.bytes);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      at -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return { element: 'float32', shape: [...shape], data };
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return (sign * fraction) / 2 ** 24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const BRAIN = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  BRAIN.setUint32(0, bits * 65536);
  return BRAIN.getFloat32(0);
}
