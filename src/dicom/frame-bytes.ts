import { at } from '../base/index.ts';
import { type DicomObject, readDicomObject } from './dicom-object.ts';
import { encodedFrame } from './fragments.ts';
import { decodeWords, frameToDecode } from './stored-values.ts';
import { BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

/** A frame's bytes, and the transfer syntax in which a program has to take them. */
export interface FrameBytes {
  readonly transferSyntaxUid: string;
  readonly bytes: Uint8Array;
}

/** Frames of one object, counted from 0; undefined where there is no such frame, or its bytes do not stand apart. */
export interface ObjectFrames {
  readonly count: number;
  /** As it is stored; big endian words as little endian ones. */
  stored(frame: number): Promise<FrameBytes | undefined>;
  /** Decoded. Throws as decodeFrame does. */
  decoded(frame: number): Promise<FrameBytes | undefined>;
}

/** Throws as readDicomObject does. */
export function readFrames(bytes: Uint8Array, { where }: { readonly where: string }): ObjectFrames {
  const object = readDicomObject(bytes, { where });
  const isCompressed = object.pixelData.partOffsets.length > 0;
  const has = (frame: number): boolean => object.hasPixelData && frame >= 0 && frame < object.frames;
  const decode = async (frame: number): Promise<FrameBytes> => {
    const { words } = await decodeWords(frameToDecode(object, frame));
    return explicit(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  };
  const raw = async (frame: number): Promise<FrameBytes | undefined> => {
    if (object.transferSyntaxUid === BIG_ENDIAN) return decode(frame);
    const own = rawFrame(object, frame);
    return own && explicit(own);
  };
  return {
    count: object.frames,
    stored: async (frame) => {
      if (!has(frame)) return undefined;
      const { transferSyntaxUid } = object;
      return isCompressed ? { transferSyntaxUid, bytes: encodedFrame(object, frame) } : raw(frame);
    },
    decoded: async (frame) => {
      if (!has(frame)) return undefined;
      return isCompressed ? decode(frame) : raw(frame);
    },
  };
}

const explicit = (bytes: Uint8Array): FrameBytes => ({ transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN, bytes });

/** Also of colours and of single bits, which nobody decodes here: where frames start and end at bytes. */
function rawFrame(object: DicomObject, frame: number): Uint8Array | undefined {
  const of = (keyword: string): number => object.number(keyword) ?? 0;
  const samples = object.number('SamplesPerPixel') ?? 1;
  const bits = of('Rows') * of('Columns') * samples * of('BitsAllocated');
  const size = bits / 8;
  const whole = at(object.pixelData.parts, 0);
  const isThere = Number.isInteger(size) && size > 0 && whole.length >= (frame + 1) * size;
  return isThere ? whole.subarray(frame * size, (frame + 1) * size) : undefined;
}
