import dcmjsCodecs from 'dcmjs-codecs';
import { beforeEach, expect, test } from 'vitest';
import { RefusedInput } from '../base/index.ts';
import { readDicomObject } from './dicom-object.ts';
import { encapsulatedFile } from './encapsulated-fixture.ts';
import { decodeFrame } from './stored-values.ts';

const { Context, NativeCodecs } = dcmjsCodecs;
const ROWS = 24;
const COLUMNS = 40;
const where = 'IM1';

/** How pixels are stored, and the range of values that shows errors of sign and width. */
const DEPTHS = {
  'signed 16': {
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    low: -32768,
    high: 32767,
  },
  'unsigned 16': {
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    low: 0,
    high: 65535,
  },
  'signed 12': {
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 1,
    low: -2048,
    high: 2047,
  },
  'unsigned 12': {
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    low: 0,
    high: 4095,
  },
  'unsigned 8': { BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0, low: 0, high: 255 },
} as const;
type Depth = keyof typeof DEPTHS;

// A frame that cannot be decoded closes the codecs
beforeEach(() => NativeCodecs.isInitialized() || NativeCodecs.initializeAsync());

/** A ramp over the whole range with a pattern on it, other for each frame. */
function storedFrame(depth: Depth, frame = 0): Int32Array {
  const { low, high } = DEPTHS[depth];
  const count = ROWS * COLUMNS;
  return Int32Array.from({ length: count }, (_, i) => {
    const ramp = low + Math.round(((high - low) * ((i * (frame + 1)) % count)) / (count - 1));
    return Math.max(low, ramp - ((i * 7) % 5));
  });
}

const attributesOf = (depth: Depth, frames = 1) => {
  const { low: _, high: _h, ...attributes } = DEPTHS[depth];
  return { ...attributes, Rows: ROWS, Columns: COLUMNS, ...(frames > 1 && { NumberOfFrames: frames }) };
};

type Encode = (context: InstanceType<typeof Context>) => InstanceType<typeof Context>;

function encoded(depth: Depth, encode: Encode, frame = 0): Uint8Array {
  const { BitsAllocated, BitsStored, PixelRepresentation } = DEPTHS[depth];
  // JPEG takes the stored bits alone, JPEG 2000 (which knows of signs) whole words
  const mask = String(encode).includes('2000') ? 0xffff : 2 ** BitsStored - 1;
  const values = storedFrame(depth, frame).map((value) => value & mask);
  const words = BitsAllocated === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  const context = new Context({
    width: COLUMNS,
    height: ROWS,
    bitsAllocated: BitsAllocated,
    bitsStored: BitsStored,
    samplesPerPixel: 1,
    pixelRepresentation: PixelRepresentation,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    decodedBuffer: new Uint8Array(words.buffer),
  });
  return Uint8Array.from(encode(context).getEncodedBuffer() as Uint8Array);
}

const LOSSLESS: readonly (readonly [string, Encode])[] = [
  ['5', (context) => NativeCodecs.encodeRle(context)],
  ...[2, 3, 4, 5, 6, 7].map((predictor): [string, Encode] => [
    '4.57',
    (context) => NativeCodecs.encodeJpeg(context, { lossy: false, predictor }),
  ]),
  ['4.70', (context) => NativeCodecs.encodeJpeg(context, { lossy: false, predictor: 1 })],
  ['4.80', (context) => NativeCodecs.encodeJpegLs(context, { lossy: false })],
  ['4.90', (context) => NativeCodecs.encodeJpeg2000(context, { lossy: false })],
  ['4.201', (context) => NativeCodecs.encodeHtJpeg2000(context, { lossy: false })],
  ['4.202', (context) => NativeCodecs.encodeHtJpeg2000(context, { lossy: false, progressionOrder: 2 })],
];
const uidOf = (end: string) => `1.2.840.10008.1.2.${end}`;
const cases = LOSSLESS.flatMap(([end, encode]) =>
  (Object.keys(DEPTHS) as Depth[]).map((depth) => [end, depth, encode] as const),
);

test.each(cases)('%s, %s: the values come back', async (end, depth, encode) => {
  const frames = [[encoded(depth, encode)]];
  const file = encapsulatedFile(attributesOf(depth), { transferSyntaxUid: uidOf(end), frames });
  const { values } = await decodeFrame(readDicomObject(file, { where }), 0);
  expect(values).toEqual(storedFrame(depth));
});

test.each([true, false])('frames in several fragments, offset table: %s', async (withOffsets) => {
  const encode = (context: InstanceType<typeof Context>) =>
    NativeCodecs.encodeJpegLs(context, { lossy: false });
  const cut = (bytes: Uint8Array, at: number) => [bytes.subarray(0, at), bytes.subarray(at)];
  const frames = [0, 1, 2].map((frame) => cut(encoded('unsigned 12', encode, frame), 100 + 60 * frame));
  const file = encapsulatedFile(attributesOf('unsigned 12', 3), {
    transferSyntaxUid: uidOf('4.80'),
    frames,
    withOffsets,
  });
  const object = readDicomObject(file, { where });
  for (const frame of [2, 0, 1])
    expect((await decodeFrame(object, frame)).values).toEqual(storedFrame('unsigned 12', frame));
  await expect(decodeFrame(object, 3)).rejects.toMatchObject({ code: 'frame-missing' });
});

test('frames whose fragments nobody can tell apart are refused', async () => {
  const frames = [[new Uint8Array(4), new Uint8Array(4)], [new Uint8Array(4)]];
  const file = encapsulatedFile(attributesOf('unsigned 12', 2), { transferSyntaxUid: uidOf('5'), frames });
  await expect(decodeFrame(readDicomObject(file, { where }), 0)).rejects.toThrow(/3 fragments .* 2 frames/);
});

test.each(LOSSLESS)('%s: a frame of another size is refused', async (end, encode) => {
  const frames = [[encoded('unsigned 12', encode)]];
  const attributes = { ...attributesOf('unsigned 12'), Rows: 4096, Columns: 4096 };
  const file = encapsulatedFile(attributes, { transferSyntaxUid: uidOf(end), frames });
  const result = await decodeFrame(readDicomObject(file, { where }), 0).catch((error: unknown) => error);
  expect(result instanceof RefusedInput && result.message).toMatch(
    /expected 4096 x 4096|an RLE segment ends/,
  );
});

test.each(cases)(
  '%s, %s: codes that lost their end are refused, an end marker after them or not',
  async (end, depth, encode) => {
    const whole = encoded(depth, encode);
    for (const share of [0.5, 0.9, 0.98]) {
      const cut = whole.slice(0, Math.floor(whole.length * share));
      for (const bytes of [cut, Uint8Array.from([...cut, 0xff, 0xd9])]) {
        const at = { transferSyntaxUid: uidOf(end), frames: [[bytes]] };
        const reading = decodeFrame(readDicomObject(encapsulatedFile(attributesOf(depth), at), { where }), 0);
        await expect(reading, `${share}`).rejects.toMatchObject({ code: 'pixel-data-damaged' });
      }
    }
  },
);

test.each(LOSSLESS)(
  '%s: damaged codes are refused or decoded, and the decoder goes on',
  async (end, encode) => {
    const whole = encoded('signed 16', encode);
    const read = (bytes: Uint8Array) => {
      const at = { transferSyntaxUid: uidOf(end), frames: [[bytes]] };
      return decodeFrame(readDicomObject(encapsulatedFile(attributesOf('signed 16'), at), { where }), 0);
    };
    for (let i = 0; i < 60; i++) {
      const place = (i * 37) % whole.length;
      const bytes = i % 3 === 0 ? whole.slice(0, place) : whole.with(place, (i * 91) & 255);
      const result = await read(bytes).catch((error: unknown) => error);
      if (result instanceof Error) expect(result).toBeInstanceOf(RefusedInput);
    }
    expect((await read(whole)).values).toEqual(storedFrame('signed 16'));
  },
);

const JPEG_2000: Encode = (context) => NativeCodecs.encodeJpeg2000(context, { lossy: false });
const JPEG_LS: Encode = (context) => NativeCodecs.encodeJpegLs(context, { lossy: false });
const HTJ2K: Encode = (context) => NativeCodecs.encodeHtJpeg2000(context, { lossy: false });

/** The values of a frame of one fragment. */
async function valuesOf(end: string, attributes: ReturnType<typeof attributesOf>, fragment: Uint8Array) {
  const file = encapsulatedFile(attributes, { transferSyntaxUid: uidOf(end), frames: [[fragment]] });
  return (await decodeFrame(readDicomObject(file, { where }), 0)).values;
}

test.each([
  ['4.80', JPEG_LS],
  ['4.90', JPEG_2000],
] as const)(
  '%s: a damaged frame takes down no sound ones that are decoded beside it',
  async (end, encode) => {
    const attributes = attributesOf('signed 16');
    const whole = encoded('signed 16', encode);
    const damaged = Uint8Array.from([...whole.subarray(0, Math.floor(whole.length / 2)), 0xff, 0xd9]);
    const results = await Promise.allSettled(
      [damaged, whole, whole].map((fragment) => valuesOf(end, attributes, fragment)),
    );
    expect(results).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'pixel-data-damaged' }) },
      { status: 'fulfilled', value: storedFrame('signed 16') },
      { status: 'fulfilled', value: storedFrame('signed 16') },
    ]);
  },
);

test.each([
  ['signed 16', 0],
  ['signed 12', 0],
] as const)('JPEG 2000, %s, beside Pixel Representation %d: the codestream decides', async (depth, sign) => {
  const attributes = { ...attributesOf(depth), PixelRepresentation: sign };
  const values = await valuesOf(
    '4.90',
    attributes as ReturnType<typeof attributesOf>,
    encoded(depth, JPEG_2000),
  );
  expect(values).toEqual(storedFrame(depth));
});

test.each([
  ["of all stored bits hold two's complements", 12, (value: number) => (value < 2048 ? value : value - 4096)],
  ['of fewer bits stay as they are', 16, (value: number) => value],
])('JPEG 2000, unsigned words beside Pixel Representation 1 %s', async (_, bits, meant) => {
  const attributes = {
    ...attributesOf('unsigned 12'),
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 1,
  };
  const file = encapsulatedFile(attributes, {
    transferSyntaxUid: uidOf('4.90'),
    frames: [[encoded('unsigned 12', JPEG_2000)]],
  });
  const { values } = await decodeFrame(readDicomObject(file, { where }), 0);
  expect(values).toEqual(storedFrame('unsigned 12').map(meant));
});

test.each([
  ['a fill byte of FF', [0xff]],
  ['fill bytes and zeros', [0xff, 0xff, 0, 0xff]],
  ['many zeros', Array<number>(512).fill(0)],
  ["what looks like a marker's beginning", [0xff, 0xd8, 0xff, 0xf7, 1, 2]],
  ['a second end marker', [0xff, 0xd9, 0]],
])('JPEG-LS with %s behind its end marker is read', async (_, trailer) => {
  const fragment = Uint8Array.from([...encoded('unsigned 12', JPEG_LS), ...trailer]);
  expect(await valuesOf('4.80', attributesOf('unsigned 12'), fragment)).toEqual(storedFrame('unsigned 12'));
});

/** A box of a JP2 file (ITU-T T.800 I.4), its length stated in the short way unless another head is given. */
const box = (type: string, content: Uint8Array, head?: readonly number[]): number[] => {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, 8 + content.length);
  const [short = 0, ...long] = head ?? [];
  return [...(head ? [0, 0, 0, short] : length), ...new TextEncoder().encode(type), ...long, ...content];
};
const long = (bytes: number) => [
  1,
  0,
  0,
  0,
  0,
  ...new Uint8Array(Uint32Array.of(16 + bytes).buffer).toReversed(),
];

test.each<[string, string, Encode, (codes: Uint8Array) => number[]]>([
  ['4.90', 'a box of stated length', JPEG_2000, (codes) => box('jp2c', codes)],
  ['4.91', 'a box to the end', JPEG_2000, (codes) => box('jp2c', codes, [0])],
  ['4.90', 'a length of eight bytes', JPEG_2000, (codes) => box('jp2c', codes, long(codes.length))],
  [
    '4.90',
    'boxes before and behind',
    JPEG_2000,
    (codes) => [
      ...box('jp2h', Uint8Array.from(box('ihdr', new Uint8Array(14)))),
      ...box('xml ', new TextEncoder().encode('<a/>')),
      ...box('jp2c', codes),
      ...box('uuid', new Uint8Array(20)),
    ],
  ],
  ['4.201', 'a JPH file', HTJ2K, (codes) => box('jp2c', codes)],
])('%s in a JP2 file, %s: its codestream is read', async (end, _, encode, boxed) => {
  const brand = end === '4.201' ? 'jph ' : 'jp2 ';
  const fragment = Uint8Array.from([
    ...box('jP  ', Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a)),
    ...box('ftyp', new TextEncoder().encode(`${brand}\0\0\0\0${brand}`)),
    ...boxed(encoded('unsigned 12', encode)),
  ]);
  expect(await valuesOf(end, attributesOf('unsigned 12'), fragment)).toEqual(storedFrame('unsigned 12'));
});

test('the end marker of PixelData is missing, the frame is whole: read', async () => {
  const frames = [[encoded('unsigned 12', JPEG_2000)]];
  const file = encapsulatedFile(attributesOf('unsigned 12'), { transferSyntaxUid: uidOf('4.90'), frames });
  const { values } = await decodeFrame(readDicomObject(file.subarray(0, -8), { where }), 0);
  expect(values).toEqual(storedFrame('unsigned 12'));
});

test('compressed pixels under a syntax that is not compressed: refused as that', async () => {
  const frames = [[encoded('unsigned 12', JPEG_2000)]];
  const file = encapsulatedFile(attributesOf('unsigned 12'), { transferSyntaxUid: uidOf('1'), frames });
  await expect(decodeFrame(readDicomObject(file, { where }), 0)).rejects.toThrow(/compressed although/);
});
