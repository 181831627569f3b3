import { expect, test } from 'vitest';
import { ctFile, PIXELS } from './ct-fixture.ts';
import { readDicomObject } from './dicom-object.ts';
import { frameHu, PADDING_HU } from './hounsfield.ts';
import type { DicomContent } from './write.ts';
import type { WritableAttributes } from './write-elements.ts';

type Attributes = WritableAttributes;
const huOf = async (attributes: Attributes, rest: Partial<DicomContent> = {}, frame = 0) => [
  ...(await frameHu(readDicomObject(ctFile(attributes, rest), { where: 'IM1' }), frame)),
];
const SMALL = { Rows: 1, Columns: 4 };
const UNSIGNED_12 = {
  ...SMALL,
  PixelRepresentation: 0,
  BitsStored: 12,
  HighBit: 11,
  RescaleIntercept: -1024,
};

test('signed values of 16 bits, less the intercept', async () => {
  expect(await huOf({})).toEqual([...PIXELS].map((value) => value - 24));
});

test.each<[string, Attributes, readonly number[], readonly number[]]>([
  ['unsigned 12 bits', UNSIGNED_12, [0, 24, 1024, 4095], [-1024, -1000, 0, 3071]],
  [
    'what lies above the stored bits is no value',
    UNSIGNED_12,
    [0xf000, 0x1018, 0, 0x8fff],
    [-1024, -1000, -1024, 3071],
  ],
  [
    'signed 12 bits, sign extended',
    { ...UNSIGNED_12, PixelRepresentation: 1, RescaleIntercept: 0 },
    [0x0fff, 0x0800, 0x07ff, 0xf001],
    [-1, -2048, 2047, 1],
  ],
  [
    'a high bit of 15',
    { ...UNSIGNED_12, HighBit: 15 },
    [0x0010, 0xffff, 0x4000, 0x000f],
    [-1023, 3071, 0, -1024],
  ],
  [
    'a slope, rounded',
    { ...UNSIGNED_12, RescaleSlope: 0.5, RescaleIntercept: 0 },
    [1, 2, 3, 5],
    [1, 1, 2, 3],
  ],
  [
    'beyond int16: clamped',
    { ...SMALL, PixelRepresentation: 0, RescaleSlope: 10 },
    [0, 3000, 6000, 65535],
    [-24, 29976, 32767, 32767],
  ],
  [
    'MONOCHROME1 changes no HU',
    { ...UNSIGNED_12, PhotometricInterpretation: 'MONOCHROME1' },
    [0, 24, 1024, 1064],
    [-1024, -1000, 0, 40],
  ],
  [
    'padding that equals a tissue: at the ends of a row only',
    { ...UNSIGNED_12, Columns: 6, PixelPaddingValue: 1064 },
    [1064, 1064, 1030, 1064, 1030, 1064],
    [PADDING_HU, PADDING_HU, 6, 40, 6, PADDING_HU],
  ],
  ['padding', { ...UNSIGNED_12, PixelPaddingValue: 7 }, [6, 7, 8, 1024], [-1018, PADDING_HU, -1016, 0]],
  [
    'padding above the stored bits',
    { ...UNSIGNED_12, PixelPaddingValue: 63536 },
    [63536, 63536 & 0xfff, 24, 1024],
    [PADDING_HU, 1072, -1000, 0],
  ],
  [
    'padding below the stored bits',
    {
      ...UNSIGNED_12,
      PixelRepresentation: 1,
      RescaleIntercept: 0,
      PixelPaddingValue: -32768,
    },
    [0x8000, 0, 0x0fff, 0xffff],
    [PADDING_HU, 0, -1, -1],
  ],
  [
    'a range of padding',
    { ...UNSIGNED_12, PixelPaddingValue: 9, PixelPaddingRangeLimit: 7 },
    [6, 7, 9, 10],
    [-1018, PADDING_HU, PADDING_HU, -1014],
  ],
  [
    'negative padding held as an unsigned number',
    { ...SMALL, RescaleIntercept: 0, PixelPaddingValue: 63536 },
    [63536, 1, 2, 65535],
    [PADDING_HU, 1, 2, -1],
  ],
  [
    'negative padding beside unsigned pixels',
    { ...UNSIGNED_12, PixelPaddingValue: -2000 },
    [63536, 63536 & 0xfff, 24, 1024],
    [PADDING_HU, 1072, -1000, 0],
  ],
])('%s', async (_, attributes, stored, expected) => {
  expect(await huOf(attributes, { pixelData: Uint16Array.from(stored) })).toEqual(expected);
});

test('8 bits', async () => {
  const attributes = { ...SMALL, BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 };
  expect(await huOf(attributes, { pixelData: Uint8Array.of(0, 24, 255, 128) })).toEqual([-24, 0, 231, 104]);
});

test("a frame's own rescale goes before the shared one", async () => {
  const rescaled = (RescaleIntercept: number, RescaleType = 'HU') => ({
    PixelValueTransformationSequence: [{ RescaleIntercept, RescaleSlope: 1, RescaleType }],
  });
  const attributes = {
    ...SMALL,
    NumberOfFrames: 3,
    RescaleIntercept: undefined,
    RescaleSlope: undefined,
    SharedFunctionalGroupsSequence: [rescaled(-5)],
    PerFrameFunctionalGroupsSequence: [rescaled(100), {}, rescaled(0, 'ED')],
  };
  const pixelData = Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0);
  expect(await huOf(attributes, { pixelData })).toEqual([101, 102, 103, 104]);
  expect(await huOf(attributes, { pixelData }, 1)).toEqual([0, 1, 2, 3]);
  await expect(huOf(attributes, { pixelData }, 2)).rejects.toMatchObject({ code: 'not-hu' });
});

test.each<[Attributes, string, RegExp]>([
  [{ Rows: undefined }, 'attribute-missing', /Rows \(0028,0010\)/],
  [{ RescaleIntercept: undefined }, 'attribute-missing', /RescaleIntercept \(0028,1052\)/],
  [
    { RescaleSlope: '1,0' },
    'attribute-missing',
    /RescaleSlope \(0028,1053\) is "1,0", which is not a number/,
  ],
  [{ RescaleType: 'Z_EFF' }, 'not-hu', /RescaleType \(0028,1054\) is Z_EFF: its values are effective/],
  [{ RescaleSlope: 0 }, 'rescale-absurd', /RescaleSlope \(0028,1053\) is 0/],
  [{ Rows: 65535, Columns: 65535 }, 'pixel-description', /Rows \(0028,0010\) is 65535/],
  [{ Rows: 13 }, 'pixel-data-length', /has 384 bytes, expected 416/],
  [{ BitsStored: 17 }, 'pixel-description', /BitsStored/],
  [{ SamplesPerPixel: 3 }, 'pixel-description', /SamplesPerPixel/],
  [{ NumberOfFrames: 4_000_000 }, 'pixel-description', /NumberOfFrames/],
])('%o: refused with its tag', async (attributes, code, text) => {
  const refused = expect(huOf(attributes)).rejects;
  await refused.toMatchObject({ code });
  await expect(huOf(attributes)).rejects.toThrow(text);
});

test('an unsupported encoding is refused by name', async () => {
  await expect(huOf({}, { transferSyntaxUid: '1.2.840.10008.1.2.4.100' })).rejects.toMatchObject({
    code: 'transfer-syntax-unsupported',
    message: expect.stringContaining('MPEG2 Main Profile'),
  });
});

test('raw pixels with padding behind them are read, with a frame too many they are not', async () => {
  const longer = (values: number) =>
    ctFile({}, { pixelData: Int16Array.of(...PIXELS, ...Array(values).fill(0)) });
  const padded = await frameHu(readDicomObject(longer(64), { where: 'IM1' }), 0);
  expect(padded).toEqual(await frameHu(readDicomObject(ctFile(), { where: 'IM1' }), 0));
  await expect(frameHu(readDicomObject(longer(PIXELS.length), { where: 'IM1' }), 0)).rejects.toThrow(
    'IM1: PixelData (7FE0,0010) has 768 bytes, expected 384; its description is of other pixels',
  );
});
