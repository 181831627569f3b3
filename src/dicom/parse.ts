import dcmjs, { type DcmjsDataset } from 'dcmjs';
import { Inflate } from 'fflate';
import { messageOf, RefusedInput } from '../base/index.ts';
import { DEFLATED, EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

// It prints every private tag that it does not know
dcmjs.log.setLevel('silent');

export interface ParsedFile {
  readonly meta: DcmjsDataset;
  readonly dataset: DcmjsDataset;
}

/** Bytes before the file meta information: 128 of preamble and `DICM` (PS3.10 7.1). */
const PREAMBLE = 132;
/** A deflated data set grows to no more than this: a CT object is far smaller. */
const MOST_INFLATED_BYTES = 2 ** 30;

/** Whether the first bytes are a DICOM file's: `DICM` after the preamble, or a data set that starts like one. */
export function isDicom(head: Uint8Array): boolean {
  if (ascii(head, 128, 4) === 'DICM') return true;
  return startsWithGroup8(head);
}

/** A file without preamble: an element of group 8 with a plausible VR, or implicit with a short length. */
function startsWithGroup8(head: Uint8Array): boolean {
  if (head.length < 16 || head[0] !== 8 || head[1] !== 0 || head[3] !== 0) return false;
  if (/^[A-Z]{2}$/.test(ascii(head, 4, 2))) return true;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return length > 0 && length < 128 && length % 2 === 0;
}

const ascii = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length));

/** A whole file's elements. Throws RefusedInput `dicom-unreadable` with the place and what was wrong. */
export function parseFile(bytes: Uint8Array, where: string): ParsedFile {
  try {
    const whole = withMeta(bytes);
    const buffer = inflated(whole);
    const { meta, dict } = dcmjs.data.DicomMessage.readFile(buffer, { ignoreErrors: false });
    refuseShortPixels(new Uint8Array(buffer), dict, where);
    return { meta, dataset: dict };
  } catch (error) {
    if (error instanceof RefusedInput) throw error;
    const text = `${where}: not a readable DICOM file: ${readable(messageOf(error))}; it may be truncated or damaged`;
    throw new RefusedInput('dicom-unreadable', text, { cause: error });
  }
}

/**
 * dcmjs fills what a file that ends early lacks with zeros: the pixels' length as written is held against the bytes
 * that are there. Throws RefusedInput `dicom-truncated`.
 */
function refuseShortPixels(bytes: Uint8Array, dataset: DcmjsDataset, where: string): void {
  const [part, ...more] = dataset['7FE00010']?.Value ?? [];
  if (!(part instanceof ArrayBuffer) || more.length > 0) return;
  const start = pixelStart(bytes, part.byteLength);
  if (start === undefined || start + part.byteLength <= bytes.length) return;
  const text = `${where}: the file ends early: PixelData (7FE0,0010) has ${bytes.length - start} of ${part.byteLength} bytes`;
  throw new RefusedInput('dicom-truncated', text);
}

/** Where pixels of this length start: after their tag and length, implicit or explicit, either byte order. */
function pixelStart(bytes: Uint8Array, length: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = PREAMBLE; i + 12 <= bytes.length; i += 2) {
    const little = view.getUint32(i, true) === 0x00107fe0;
    if (!little && view.getUint32(i, true) !== 0x1000e07f) continue;
    if (view.getUint32(i + 8, little) === length) return i + 12;
    if (view.getUint32(i + 4, little) === length) return i + 8;
  }
  return undefined;
}

/** A parser's message may quote what it read: keep what it says of the form only. */
const readable = (message: string): string =>
  message
    .split('\n')[0]
    ?.replace(/[^ -~]/g, '')
    .slice(0, 80) ?? '';

/** The bytes with preamble and file meta information; where both are missing, implicit little endian is assumed. */
function withMeta(bytes: Uint8Array): Uint8Array {
  if (ascii(bytes, 128, 4) === 'DICM') return bytes;
  if (!startsWithGroup8(bytes)) throw new Error('no DICM after the preamble');
  const explicit = /^[A-Z]{2}$/.test(ascii(bytes, 4, 2));
  const meta = metaOf(explicit ? EXPLICIT_LITTLE_ENDIAN : '1.2.840.10008.1.2');
  const whole = new Uint8Array(meta.length + bytes.length);
  whole.set(meta);
  whole.set(bytes, meta.length);
  return whole;
}

/** Preamble and the shortest file meta information that says the transfer syntax. */
function metaOf(transferSyntaxUid: string): Uint8Array {
  const padded = transferSyntaxUid.length % 2 === 0 ? transferSyntaxUid : `${transferSyntaxUid}\0`;
  const bytes = new Uint8Array(PREAMBLE + 12 + 8 + padded.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('DICM'), 128);
  view.setUint32(132, 0x00000002, true);
  bytes.set(new TextEncoder().encode('UL'), 136);
  view.setUint16(138, 4, true);
  view.setUint32(140, 8 + padded.length, true);
  view.setUint32(144, 0x00100002, true);
  bytes.set(new TextEncoder().encode('UI'), 148);
  view.setUint16(150, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 152);
  return bytes;
}

/** A deflated file's bytes as explicit little endian ones (PS3.5 A.5); others as they are, from their own buffer. */
function inflated(bytes: Uint8Array): ArrayBuffer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isGroupLength = bytes.length > 144 && view.getUint32(PREAMBLE, true) === 0x00000002;
  const metaEnd = isGroupLength ? 144 + view.getUint32(140, true) : bytes.length;
  const meta = ascii(bytes, PREAMBLE, Math.min(metaEnd, bytes.length) - PREAMBLE);
  if (!meta.includes(`${DEFLATED}\0`) && !meta.includes(DEFLATED)) return Uint8Array.from(bytes).buffer;
  const data = inflate(bytes.subarray(metaEnd));
  const head = metaOf(EXPLICIT_LITTLE_ENDIAN);
  const whole = new Uint8Array(head.length + data.length);
  whole.set(head);
  whole.set(data, head.length);
  return whole.buffer;
}

/** Inflates piece by piece, so that a bomb is refused before it is in memory. */
function inflate(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Inflate((part) => {
    total += part.length;
    if (total > MOST_INFLATED_BYTES) throw new Error('the deflated data set grows beyond 1 GB');
    parts.push(part);
  });
  const step = 1 << 16;
  for (let start = 0; start < bytes.length; start += step)
    stream.push(bytes.subarray(start, start + step), start + step >= bytes.length);
  const whole = new Uint8Array(total);
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
