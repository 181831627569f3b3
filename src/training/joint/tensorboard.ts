import { at, joinBytes } from '../../base/index.ts';

/** A number of a run at a step. */
export interface ScalarEvent {
  /** As TensorBoard groups them: `twoType/loss`. */
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/**
 * A TensorBoard event file: TFRecords (length, its checksum, data, its checksum) of Event messages, the first with the
 * version, the others with one scalar each. As many as the file before begins with keep their times, the rest get this.
 */
export function eventFile(
  events: readonly ScalarEvent[],
  { before, seconds }: { readonly before: Uint8Array; readonly seconds: number },
): Uint8Array {
  const contents = [text(3, 'brain.Event:2'), ...events.map(scalarContent)];
  let [kept, end] = [0, 0];
  for (const content of contents) {
    const same = record(before.subarray(end + TIME_START, end + TIME_START + TIME_BYTES), content);
    if (Buffer.compare(same, before.subarray(end, end + same.length)) !== 0) break;
    kept++;
    end += same.length;
  }
  return joinBytes([before.subarray(0, end), stamped(contents.slice(kept), seconds)]);
}

/** To stand behind the other events of a file; times are seconds since 1970. */
export const eventRecords = (events: readonly ScalarEvent[], seconds: number): Uint8Array =>
  stamped(events.map(scalarContent), seconds);

const stamped = (contents: readonly Uint8Array[], seconds: number): Uint8Array =>
  joinBytes(contents.map((content) => record(doubleBytes(seconds), content)));

/** Of an event, all but its time. */
function scalarContent({ tag, step, value }: ScalarEvent): Uint8Array {
  const scalar = joinBytes([text(1, tag), field(2, 5, floatBytes(value))]);
  return joinBytes([field(2, 0, varint(step)), message(5, message(1, scalar))]);
}

/** In a record, behind length, checksum and the field's number. */
const TIME_START = 13;
const TIME_BYTES = 8;

function record(time: Uint8Array, content: Uint8Array): Uint8Array {
  const data = joinBytes([field(1, 1, time), content]);
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
  for (const byte of data) crc = (crc >>> 8) ^ at(TABLE, (crc ^ byte) & 255);
  return (crc ^ 0xffffffff) >>> 0;
}
