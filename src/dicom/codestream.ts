import { at, RefusedInput } from '../base/index.ts';
import type { PixelModule } from './pixel-module.ts';

/** What a compressed frame says of itself. */
export interface CodestreamSize {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
}

/** JPEG and JPEG-LS frame headers: SOF0 to SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55. */
const NO_FRAME_HEADER = new Set([0xc4, 0xc8, 0xcc]);
const isFrameHeader = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME_HEADER.has(marker)) || marker === 0xf7;
const START_OF_SCAN = 0xda;
/** JPEG 2000: SOT and EOC (ITU-T T.800 table A.2). */
const START_OF_TILE_PART = 0xff90;
const END_OF_CODESTREAM = 0xffd9;

/**
 * Refuses a JPEG or JPEG 2000 frame whose own size is not the object's, before a decoder sets memory aside for it.
 * RLE frames say nothing of their size. Throws RefusedInput `pixel-data-damaged`.
 */
export function refuseOtherSize(encoded: Uint8Array, pixels: PixelModule, where: string): void {
  const found = isJpeg2000(encoded) ? jpeg2000Size(encoded) : jpegSize(encoded);
  const { rows, columns } = pixels;
  if (found?.rows === rows && found.columns === columns && found.components === 1) return;
  const said =
    found === undefined
      ? 'no frame header'
      : `${found.rows} x ${found.columns} pixels of ${found.components} components`;
  const text = `${where}: a compressed frame has ${said}, expected ${rows} x ${columns} of 1 component`;
  throw new RefusedInput('pixel-data-damaged', text);
}

/** The signature box of a JP2 file (ITU-T T.800 I.5.1), and the type of the box that holds the codestream (I.5.4). */
const JP2_SIGNATURE = 0x6a502020;
const CODESTREAM_BOX = 0x6a703263;

/** A JPEG 2000 codestream out of the JP2 file that some writers put into a fragment; anything else as it is. */
export function bareCodestream(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(4) !== JP2_SIGNATURE) return bytes;
  for (let start = 0; start + 8 <= bytes.length; ) {
    // 1 stands for a length of eight bytes behind the type, 0 for all that is left (ITU-T T.800 I.4)
    const [short, type] = [view.getUint32(start), view.getUint32(start + 4)];
    const isLong = short === 1 && start + 16 <= bytes.length;
    const length = isLong ? Number(view.getBigUint64(start + 8)) : short || bytes.length - start;
    const head = isLong ? 16 : 8;
    if (type === CODESTREAM_BOX) return bytes.subarray(start + head, start + length);
    start += Math.max(length, head);
  }
  return bytes;
}

const isJpeg2000 = ([first, second]: Uint8Array): boolean => first === 0xff && second === 0x4f;

/** The first frame header before the scan (ITU-T T.81 B.2.2). */
function jpegSize(bytes: Uint8Array): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length; ) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff || marker === START_OF_SCAN) return undefined;
    if (isFrameHeader(marker))
      return {
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: bytes[at + 9] as number,
      };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/**
 * Whether a compressed frame's values carry a sign. JPEG 2000 says so itself (Ssiz, ITU-T T.800 table A.11), and what it
 * decodes to follows it, whatever Pixel Representation says; but for unsigned words of all stored bits whose object is
 * signed: they hold two's complements, as pydicom reads them too.
 */
export function isSigned(bytes: Uint8Array, { signed, bitsStored }: PixelModule): boolean {
  if (!isJpeg2000(bytes) || bytes.length <= 42) return signed;
  const depth = at(bytes, 42);
  return (depth & 0x80) !== 0 || (signed && (depth & 0x7f) + 1 === bitsStored);
}

/** SIZ, which follows SOC (ITU-T T.800 A.5.1): the picture's far corner less its near one. */
function jpeg2000Size(bytes: Uint8Array): CodestreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 42 || view.getUint16(2) !== 0xff51) return undefined;
  return {
    columns: view.getUint32(8) - view.getUint32(16),
    rows: view.getUint32(12) - view.getUint32(20),
    components: view.getUint16(40),
  };
}

/** Whether each tile part lies whole in a JPEG 2000 frame, and the end marker after them (ITU-T T.800 A.4.2). */
export function isWholeJpeg2000(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 10 <= bytes.length && view.getUint16(at) !== END_OF_CODESTREAM) {
    const isTilePart = view.getUint16(at) === START_OF_TILE_PART;
    const length = isTilePart ? view.getUint32(at + 6) : 2 + view.getUint16(at + 2);
    // The last part may leave its length open: it goes on to the end marker, perhaps padded by a zero
    at = length > 0 ? at + length : bytes.length - (bytes.at(-1) === 0 ? 3 : 2);
  }
  return at + 2 <= bytes.length && view.getUint16(at) === END_OF_CODESTREAM;
}
