/** Bytes of the header: the number of segments and 15 offsets (PS3.5 G.5). */
const HEADER_BYTES = 64;

/**
 * A frame of RLE Lossless (PS3.5 annex G) as samples of `sampleBytes` bytes, little endian. Our own, because the
 * library's does not notice that segments are shorter than the frame. Throws Error with what is wrong.
 */
export function decodeRle(encoded: Uint8Array, pixels: number, sampleBytes: number): Uint8Array {
  if (encoded.length < HEADER_BYTES) throw new Error(`${encoded.length} bytes, shorter than the RLE header`);
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== sampleBytes) throw new Error(`${segments} RLE segments, expected ${sampleBytes}`);
  const starts = Array.from({ length: segments }, (_, i) => view.getUint32(4 + 4 * i, true));
  const frame = new Uint8Array(pixels * sampleBytes);
  for (const [segment, start] of starts.entries()) {
    // The most significant byte comes first
    const plane = { frame, first: sampleBytes - 1 - segment, step: sampleBytes };
    unpack(encoded.subarray(start, starts[segment + 1] ?? encoded.length), plane, pixels);
  }
  return frame;
}

/** One byte of every sample. */
interface BytePlane {
  readonly frame: Uint8Array;
  readonly first: number;
  readonly step: number;
}

/** PackBits (PS3.5 G.3.2): n + 1 bytes as they are for n up to 127, else the next byte 257 - n times. */
function unpack(bytes: Uint8Array, { frame, first, step }: BytePlane, pixels: number): void {
  let at = 0;
  let done = 0;
  while (done < pixels) {
    const code = bytes[at++];
    if (code === undefined) throw new Error(`an RLE segment ends after ${done} of ${pixels} bytes`);
    if (code === 128) continue;
    const count = code < 128 ? code + 1 : 257 - code;
    const taken = Math.min(count, pixels - done);
    for (let i = 0; i < taken; i++) {
      const value = bytes[code < 128 ? at + i : at];
      if (value === undefined) throw new Error(`an RLE segment ends after ${done + i} of ${pixels} bytes`);
      frame[first + step * (done + i)] = value;
    }
    at += code < 128 ? count : 1;
    done += taken;
  }
}
