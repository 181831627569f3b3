/** A value as it is written: text, a number, several of them, or bytes that are written as they are. */
export type PlainValue = string | number | readonly (string | number)[] | ArrayBufferView;

type NumberWriter = readonly [bytes: number, write: (view: DataView, at: number, value: number) => void];

const NUMBERS: Readonly<Record<string, NumberWriter>> = {
  // A tag as two numbers: group, then element
  AT: [4, (view, at, value) => view.setUint32(at, ((value & 0xffff) << 16) | (value >>> 16), true)],
  US: [2, (view, at, value) => view.setUint16(at, value, true)],
  SS: [2, (view, at, value) => view.setInt16(at, value, true)],
  UL: [4, (view, at, value) => view.setUint32(at, value, true)],
  SL: [4, (view, at, value) => view.setInt32(at, value, true)],
  FL: [4, (view, at, value) => view.setFloat32(at, value, true)],
  FD: [8, (view, at, value) => view.setFloat64(at, value, true)],
  UV: [8, (view, at, value) => view.setBigUint64(at, BigInt(value), true)],
  SV: [8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
};

const encoder = new TextEncoder();

/** Bytes of an even length (PS3.5 7.1.1): text padded by blanks, UIDs and bytes by zeros. */
export function encodeValue(vr: string, value: PlainValue): Uint8Array {
  if (ArrayBuffer.isView(value)) return even(bytesOf(value), 0);
  const values = typeof value === 'object' ? value : [value];
  const writer = NUMBERS[vr];
  if (writer !== undefined) return numbers(writer, values.map(Number));
  const text = values.map((one) => (vr === 'DS' && typeof one === 'number' ? decimal(one) : String(one)));
  return even(encoder.encode(text.join('\\')), vr === 'UI' || vr === 'OB' ? 0 : 0x20);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function numbers([size, write]: NumberWriter, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) write(view, i * size, value);
  return bytes;
}

function even(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1).fill(padding);
  padded.set(bytes);
  return padded;
}

/** The longest decimal string (PS3.5 6.2). */
const DECIMAL_CHARACTERS = 16;

/** The number as a decimal string: as exact as 16 characters allow. */
export function decimal(value: number): string {
  const exact = String(value);
  if (exact.length <= DECIMAL_CHARACTERS) return exact;
  for (let digits = DECIMAL_CHARACTERS; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= DECIMAL_CHARACTERS) return text;
  }
  throw new RangeError(`${value} is not a decimal string`);
}
