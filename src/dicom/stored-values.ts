import { at, IchorError, messageOf, RefusedInput } from '../base/index.ts';
import { FRAME_DECODERS } from './codecs.ts';
import { bareCodestream, isSignedCodestream, refuseOtherSize } from './codestream.ts';
import type { DicomObject } from './dicom-object.ts';
import { encodedFrame } from './fragments.ts';
import { type PixelModule, pixelModuleOf } from './pixel-module.ts';
import { BIG_ENDIAN, transferSyntaxOf } from './transfer-syntaxes.ts';

/** One frame before rescale. */
export interface StoredValues {
  readonly pixels: PixelModule;
  /** rows x columns, sign extended from the stored bits. */
  readonly values: Int32Array;
  /** The same whole, with the bits around the stored ones: padding may lie there. */
  readonly words: ArrayLike<number>;
}

/**
 * The stored values of a frame, counted from 0. Throws RefusedInput `transfer-syntax-unsupported` naming it,
 * `pixel-data-missing`, `pixel-data-length`, `pixel-data-damaged`, or what the pixel description lacks.
 */
export async function decodeFrame(object: DicomObject, frame: number): Promise<StoredValues> {
  const { where } = object;
  const codec = codecOf(object);
  if (!object.hasPixelData)
    throw new RefusedInput('pixel-data-missing', `${where}: PixelData (7FE0,0010) is missing or empty`);
  const pixels = pixelModuleOf(object);
  if (frame < 0 || frame >= object.frames)
    throw new RefusedInput(
      'frame-missing',
      `${where}: frame ${frame + 1} of ${object.frames} does not exist`,
    );
  const size = (pixels.rows * pixels.columns * pixels.bitsAllocated) / 8;
  if (codec === 'native') return storedValues(nativeFrame(object, frame, size), pixels);
  const encoded = bareCodestream(encodedFrame(object, frame));
  if (codec !== 'rle') refuseOtherSize(encoded, pixels, where);
  const coded = isSignedCodestream(encoded) ? { ...pixels, signed: true } : pixels;
  const decoded = await decoded8(object, () => FRAME_DECODERS[codec](encoded, coded));
  return storedValues(fitted(decoded, size, where), coded);
}

function codecOf({ where, transferSyntaxUid }: DicomObject) {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (syntax !== undefined && syntax.codec !== 'refused') return syntax.codec;
  const name = syntax === undefined ? 'which is not in our table' : syntax.name;
  const text = `${where}: the transfer syntax ${transferSyntaxUid} (${name}) is not supported; convert the file to explicit VR little endian`;
  throw new RefusedInput('transfer-syntax-unsupported', text);
}

async function decoded8(object: DicomObject, decode: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await decode();
  } catch (error) {
    // A decoder that is not there is no fault of this file
    if (error instanceof IchorError) throw error;
    const name = transferSyntaxOf(object.transferSyntaxUid)?.name;
    const text = `${object.where}: its ${name} pixels cannot be decoded (${messageOf(error).slice(0, 120)})`;
    throw new RefusedInput('pixel-data-damaged', text, { cause: error });
  }
}

function refuseEncapsulated({ where, pixelData, transferSyntaxUid }: DicomObject): void {
  if (pixelData.partOffsets.length === 0) return;
  const text = `${where}: PixelData (7FE0,0010) is compressed although the transfer syntax ${transferSyntaxUid} says that it is not; how cannot be known: export the study again`;
  throw new RefusedInput('pixel-data-damaged', text);
}

function nativeFrame(object: DicomObject, frame: number, size: number): Uint8Array {
  refuseEncapsulated(object);
  const whole = at(object.pixelData.parts, 0);
  const expected = size * object.frames;
  // Some writers pad by more than the one byte that makes the length even (PS3.5 8.1.1); a frame too many is no padding
  if (whole.length < expected || whole.length >= expected + size) {
    const cause =
      whole.length < expected ? 'the file may be truncated' : 'its description is of other pixels';
    const text = `${object.where}: PixelData (7FE0,0010) has ${whole.length} bytes, expected ${expected}; ${cause}`;
    throw new RefusedInput('pixel-data-length', text);
  }
  const bytes = whole.subarray(frame * size, (frame + 1) * size);
  return object.transferSyntaxUid === BIG_ENDIAN ? swapped(bytes) : bytes;
}

/** Big endian words as little endian ones. */
function swapped(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    result[i] = bytes[i + 1] as number;
    result[i + 1] = bytes[i] as number;
  }
  return result;
}

/** As long as the description says, or widened from bytes to words where the codec saved the empty half. */
function fitted(decoded: Uint8Array, size: number, where: string): Uint8Array {
  if (decoded.length === size) return decoded;
  if (decoded.length * 2 === size) {
    const wide = new Uint8Array(size);
    for (const [i, byte] of decoded.entries()) wide[2 * i] = byte;
    return wide;
  }
  const text = `${where}: decoding gave ${decoded.length} bytes, expected ${size}`;
  throw new RefusedInput('pixel-data-length', text);
}

/** The stored bits of each word, the bits around them away (overlays of old lie there), the sign extended. */
function storedValues(bytes: Uint8Array, pixels: PixelModule): StoredValues {
  const { bitsStored, highBit, signed } = pixels;
  const words = wordsOf(bytes, pixels);
  const values = new Int32Array(words.length);
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  for (let i = 0; i < values.length; i++) {
    const aligned = (words[i] as number) << left;
    values[i] = signed ? aligned >> right : aligned >>> right;
  }
  return { pixels, values, words };
}

function wordsOf(bytes: Uint8Array, { bitsAllocated, signed }: PixelModule): ArrayLike<number> {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const Words = WORDS[bitsAllocated][signed ? 'signed' : 'unsigned'];
  return new Words(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / (bitsAllocated / 8));
}

const WORDS = {
  8: { signed: Int8Array, unsigned: Uint8Array },
  16: { signed: Int16Array, unsigned: Uint16Array },
  32: { signed: Int32Array, unsigned: Uint32Array },
} as const;
