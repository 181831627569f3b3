import { at, IchorError, messageOf, RefusedInput } from '../base/index.ts';
import { FRAME_DECODERS } from './codecs.ts';
import { bareCodestream, isSigned, refuseOtherSize } from './codestream.ts';
import type { DicomObject } from './dicom-object.ts';
import { swappedBytes } from './explicit-values.ts';
import { encodedFrame } from './fragments.ts';
import { type PixelModule, pixelModuleOf } from './pixel-module.ts';
import { BIG_ENDIAN, type Codec, transferSyntaxOf } from './transfer-syntaxes.ts';

/** A frame as it lies in its file: plain data, so that another thread may decode it. */
export interface FrameToDecode {
  /** The file's path, for error texts. */
  readonly where: string;
  readonly transferSyntaxUid: string;
  readonly codec: DecodedSyntax;
  readonly pixels: PixelModule;
  /** Compressed, or the words themselves in little endian: a view into the file where it can be one. */
  readonly bytes: Uint8Array;
}

/** The words of a frame with all their bits: stored ones, and what padding or overlays put around them. */
export interface FrameWords {
  /** Signed where the compressed frame says so, whatever the object says. */
  readonly pixels: PixelModule;
  /** rows x columns. */
  readonly words: Uint8Array | Uint16Array | Uint32Array;
}

/** One frame before rescale. */
export interface StoredValues {
  readonly pixels: PixelModule;
  /** rows x columns, sign extended from the stored bits. */
  readonly values: Int32Array;
}

/**
 * A frame, counted from 0, before it is decoded. Throws RefusedInput `transfer-syntax-unsupported` naming it,
 * `pixel-data-missing`, `pixel-data-length`, `pixel-data-damaged`, or what the pixel description lacks.
 */
export function frameToDecode(object: DicomObject, frame: number): FrameToDecode {
  const { where, transferSyntaxUid } = object;
  const codec = codecOf(object);
  if (!object.hasPixelData)
    throw new RefusedInput('pixel-data-missing', `${where}: PixelData (7FE0,0010) is missing or empty`);
  const pixels = pixelModuleOf(object);
  if (frame < 0 || frame >= object.frames)
    throw new RefusedInput(
      'frame-missing',
      `${where}: frame ${frame + 1} of ${object.frames} does not exist`,
    );
  const bytes =
    codec === 'native' ? nativeFrame(object, frame, bytesOf(pixels)) : encodedFrame(object, frame);
  return { where, transferSyntaxUid, codec, pixels, bytes };
}

const bytesOf = ({ rows, columns, bitsAllocated }: PixelModule): number =>
  (rows * columns * bitsAllocated) / 8;

/** Decodes a frame. Throws RefusedInput `pixel-data-length` or `pixel-data-damaged`. */
export async function decodeWords(frame: FrameToDecode): Promise<FrameWords> {
  const { codec, where, pixels } = frame;
  if (codec === 'native') return { pixels, words: wordsOf(frame.bytes, pixels) };
  const encoded = bareCodestream(frame.bytes);
  if (codec !== 'rle') refuseOtherSize(encoded, pixels, where);
  const coded = { ...pixels, signed: isSigned(encoded, pixels) };
  const decoded = await decoding(frame, () => FRAME_DECODERS[codec](encoded, coded));
  return { pixels: coded, words: wordsOf(fitted(decoded, bytesOf(pixels), where), coded) };
}

/** The stored values of a frame, counted from 0. Throws as frameToDecode and decodeWords do. */
export async function decodeFrame(object: DicomObject, frame: number): Promise<StoredValues> {
  const { words, pixels } = await decodeWords(frameToDecode(object, frame));
  return { pixels, values: Int32Array.from(words, storedValueReader(pixels)) };
}

/** The stored bits of a word, the bits around them away (overlays of old lie there), the sign extended. */
export function storedValueReader({ bitsStored, highBit, signed }: PixelModule): (word: number) => number {
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  return signed ? (word) => (word << left) >> right : (word) => (word << left) >>> right;
}

export type DecodedSyntax = Exclude<Codec, 'refused'>;

function codecOf({ where, transferSyntaxUid }: DicomObject): DecodedSyntax {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (syntax !== undefined && syntax.codec !== 'refused') return syntax.codec;
  const name = syntax === undefined ? 'which is not in our table' : syntax.name;
  const text = `${where}: the transfer syntax ${transferSyntaxUid} (${name}) is not supported; convert the file to explicit VR little endian`;
  throw new RefusedInput('transfer-syntax-unsupported', text);
}

async function decoding(frame: FrameToDecode, decode: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await decode();
  } catch (error) {
    // A decoder that is not there is no fault of this file
    if (error instanceof IchorError) throw error;
    const name = transferSyntaxOf(frame.transferSyntaxUid)?.name;
    const text = `${frame.where}: its ${name} pixels cannot be decoded (${messageOf(error).slice(0, 120)})`;
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
  const words = whole.subarray(frame * size, (frame + 1) * size);
  const { wordBytes } = object.pixelData;
  return object.transferSyntaxUid === BIG_ENDIAN ? swappedBytes(words, wordBytes) : words;
}

/** As long as the description says, or widened from bytes to words where the codec saved the empty half. */
function fitted(decoded: Uint8Array, size: number, where: string): Uint8Array {
  if (decoded.length === size) return decoded;
  if (decoded.length * 2 === size) return new Uint8Array(Uint16Array.from(decoded).buffer);
  const text = `${where}: decoding gave ${decoded.length} bytes, expected ${size}`;
  throw new RefusedInput('pixel-data-length', text);
}

const WORDS = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array } as const;

function wordsOf(bytes: Uint8Array, { bitsAllocated }: PixelModule): FrameWords['words'] {
  const Words = WORDS[bitsAllocated];
  const aligned = bytes.byteOffset % Words.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
  return new Words(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.length / Words.BYTES_PER_ELEMENT,
  );
}
