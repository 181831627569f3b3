import { expect, test } from 'vitest';
import { readDicomObject } from './dicom-object.ts';
import { encapsulatedFile } from './encapsulated-fixture.ts';
import { readFrames } from './frame-bytes.ts';
import { toExplicitLittleEndian } from './transcode.ts';

const RLE = '1.2.840.10008.1.2.5';
const where = 'test';
/** Two frames of 16 x 12 pixels of 8 bits, as runs of literals (PS3.5 G). */
const PIXELS = [0, 1].map((frame) => Uint8Array.from({ length: 192 }, (_, i) => (i * 7 + frame) % 251));
const encoded = PIXELS.map((pixels) => {
  const header = new Uint8Array(64);
  header.set([1, 0, 0, 0, 64]);
  return [Uint8Array.from([...header, 127, ...pixels.subarray(0, 128), 63, ...pixels.subarray(128)])];
});
const file = encapsulatedFile(
  { NumberOfFrames: 2, BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
  { transferSyntaxUid: RLE, frames: encoded },
);

test('compressed frames are decoded, one behind another', async () => {
  const explicit = await toExplicitLittleEndian(file, { where });
  const { pixelData, transferSyntaxUid } = readDicomObject(explicit, { where });
  expect(transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
  expect(Buffer.concat(pixelData.parts).equals(Buffer.concat(PIXELS))).toBe(true);
});

test('a frame as it is stored, decoded, and one that is not there', async () => {
  const frames = readFrames(file, { where });
  const stored = await frames.stored(1);
  expect(stored?.transferSyntaxUid).toBe(RLE);
  expect(Buffer.from(stored?.bytes ?? []).subarray(0, 258)).toEqual(Buffer.from(encoded[1]?.[0] ?? []));
  expect(Buffer.from((await frames.decoded(1))?.bytes ?? [])).toEqual(Buffer.from(PIXELS[1] ?? []));
  expect(await frames.decoded(2)).toBeUndefined();
});
