import { fetchPart } from '../base/index.ts';
import { isWholeJpeg2000 } from './codestream.ts';
import { decodeJpegLossless } from './jpeg-lossless.ts';
import type { PixelModule } from './pixel-module.ts';
import { decodeRle } from './rle.ts';
import type { Codec } from './transfer-syntaxes.ts';

/** Decoded frame: samples as they were before they were compressed, little endian, bitsAllocated wide. */
export type FrameDecoder = (encoded: Uint8Array, pixels: PixelModule) => Promise<Uint8Array>;

type NativeCall = 'decodeJpeg' | 'decodeJpegLs' | 'decodeJpeg2000';

/** The decoders' files outside of a bundle; they lie in the packages dcmjs-codecs and @cornerstonejs/codec-openjph. */
export const CODEC_FILES = { native: 'dcmjs-native-codecs.wasm', htj2k: 'openjphjs.wasm' } as const;

/** Undefined in Node: there the packages find their own files. */
let codecFolder: string | undefined;

/** Says, before anything is read in a page, in which folder of its server CODEC_FILES lie. */
export function placeCodecs(folder: string): void {
  codecFolder = folder.replace(/\/?$/, '/');
}

/** The address of a file of the codecs in a page, once it is known to be there. */
async function addressOf(file: string): Promise<string | undefined> {
  if (codecFolder === undefined) return undefined;
  const address = `${codecFolder}${file}`;
  await (await fetchPart(address, 'wasm')).body?.cancel();
  return address;
}

/** libjpeg decodes codes that end early or are none, and says so in its messages alone. */
const JPEG_FAULT = /premature end.*|bad Huffman code|found marker .* instead of RST.*/i;
let jpegFault: string | undefined;

/** The WebAssembly codecs, loaded and opened when the first compressed frame comes. */
let nativeCodecs: ReturnType<typeof openNativeCodecs> | undefined;

async function openNativeCodecs() {
  const { Context, log, NativeCodecs } = (await import('dcmjs-codecs')).default;
  const address = await addressOf(CODEC_FILES.native);
  log.methodFactory = () => (message: unknown) => {
    jpegFault ??= JPEG_FAULT.exec(String(message))?.[0];
  };
  log.setLevel('info', false);
  await NativeCodecs.initializeAsync({
    logCodecsInfo: true,
    ...(address !== undefined && { webAssemblyModulePathOrUrl: address }),
  });
  return { Context, NativeCodecs };
}

const native =
  (call: NativeCall): FrameDecoder =>
  async (encoded, pixels) => {
    let opened: ReturnType<typeof openNativeCodecs>;
    let codecs: Awaited<typeof opened>;
    do {
      opened = nativeCodecs ??= openNativeCodecs().catch((fault: unknown) => {
        // What could not be fetched now may be fetched for the next frame
        nativeCodecs = undefined;
        throw fault;
      });
      codecs = await opened;
      // A damaged frame of another lane may have released them meanwhile; nothing below waits, so that none can
    } while (nativeCodecs !== opened);
    return decodeNatively(codecs, call, encoded, pixels);
  };

function decodeNatively(
  { Context, NativeCodecs }: Awaited<ReturnType<typeof openNativeCodecs>>,
  call: NativeCall,
  encoded: Uint8Array,
  pixels: PixelModule,
): Uint8Array {
  jpegFault = undefined;
  const context = new Context({
    width: pixels.columns,
    height: pixels.rows,
    bitsAllocated: pixels.bitsAllocated,
    bitsStored: pixels.bitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: pixels.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: pixels.photometricInterpretation,
    encodedBuffer: encoded,
  });
  try {
    const decoded = NativeCodecs[call](context).getDecodedBuffer();
    if (decoded === undefined) throw new Error('the decoder gave nothing');
    if (jpegFault !== undefined) throw new Error(jpegFault);
    // A copy already: of the memory that the next frame takes
    return decoded;
  } catch (error) {
    // A fault leaves the codecs' memory as it was in the middle of it: the next frame gets a new one
    NativeCodecs.release();
    nativeCodecs = undefined;
    throw error;
  }
}

/**
 * A JPEG-LS frame up to its end marker (EOI), which codes never hold (ITU-T T.87 A.1); writers pad by what they like. The
 * library's decoder never returns from a frame without one.
 */
function toEndMarker(encoded: Uint8Array): Uint8Array {
  const marker = encoded.findLastIndex((byte, i) => byte === 0xff && encoded[i + 1] === 0xd9);
  if (marker < 0) throw new Error('the frame has no end marker');
  return encoded.subarray(0, marker + 2);
}

let htj2k: ReturnType<typeof openHighThroughput> | undefined;

async function openHighThroughput() {
  const { default: openHtj2k } = await import('@cornerstonejs/codec-openjph');
  const address = await addressOf(CODEC_FILES.htj2k);
  const silent = { print: () => {}, printErr: () => {} };
  return await openHtj2k({ ...silent, ...(address !== undefined && { locateFile: () => address }) });
}

const highThroughput: FrameDecoder = async (encoded) => {
  // The library decodes what is there, in silence
  if (!isWholeJpeg2000(encoded)) throw new Error('a tile part of the frame, or its end marker, is missing');
  htj2k ??= openHighThroughput().catch((fault: unknown) => {
    htj2k = undefined;
    throw fault;
  });
  const decoder = new (await htj2k).HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    return new Uint8Array(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
};

export const FRAME_DECODERS: Readonly<Record<Exclude<Codec, 'native' | 'refused'>, FrameDecoder>> = {
  rle: async (encoded, { rows, columns, bitsAllocated }) =>
    decodeRle(encoded, rows * columns, bitsAllocated / 8),
  // Lossless frames of one component, which most are, in half of the library's time
  jpeg: async (encoded, pixels) =>
    decodeJpegLossless(encoded, pixels.bitsAllocated) ?? (await native('decodeJpeg')(encoded, pixels)),
  'jpeg-ls': async (encoded, pixels) => await native('decodeJpegLs')(toEndMarker(encoded), pixels),
  'jpeg-2000': native('decodeJpeg2000'),
  htj2k: highThroughput,
};
