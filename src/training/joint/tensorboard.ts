import { joinBytes } from '../../base/index.ts';

/** A number of a run at a step. */
export interface ScalarEvent {
  /** As TensorBoard groups them: `twoType/loss`. */
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/**
 * A TensorBoard event file: TFRecords (length, its checksum, data, its checksum) of Event messages, each with one scalar.
 * Times are the steps' numbers, so that the same run gives the same file.
 */
export function eventFile(events: readonly ScalarEvent[]): Uint8Array {
  const version = joinBytes([field(1, 1, doubleBytes(0)), text(3, 'brain.Event:2')]);
  return joinBytes([version, ...events.map(eventMessage)].map(record));
}

function eventMessage({ tag, step, value }: ScalarEvent): Uint8Array {
  const scalar = joinBytes([text(1, tag), field(2, 5, floatBytes(value))]);
  const summary = message(1, scalar);
  return joinBytes([field(1, 1, doubleBytes(step)), field(2, 0, varint(step)), message(5, summary)]);
}

function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return joinBytes([length, checksum(length), data, checksum(data)]);
}

/** Protocol buffers' wire: a field's number and kind, then its bytes. */
const field = (number: number, kind: 0 | 1 | 2 | 5, bytes: Uint8Array): Uint8Array =>
  joinBytes([varint((number << 3) | kind), bytes]);
const message = (number: number, bytes: Uint8Array): Uint8Array =>
  field(number, 2, joinBytes([varint(bytes.length), bytes]));
const text = (number: number, value: string): Uint8Array => message(number, new TextEncoder().encode(value));

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return Uint8Array.of(...bytes, left);
}

const doubleBytes = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);
const floatBytes = (value: number): Uint8Array => new Uint8Array(Float32Array.of(value).buffer);

/** CRC-32C (Castagnoli), turned and shifted as TFRecord wants it. */
function checksum(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  return new Uint8Array(Uint32Array.of(masked).buffer);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 255] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
