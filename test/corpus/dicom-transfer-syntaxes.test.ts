import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeFrame, frameHu, readDicomObject, TRANSFER_SYNTAXES } from '../../src/dicom/index.ts';

const folder = path.join(process.env.ICHOR_CORPUS ?? '../shared/data', 'dicom-transfer-syntaxes');
const open = async (name: string) =>
  readDicomObject(await readFile(path.join(folder, name)), { where: name });
const files = (await readdir(folder)).filter((name) => name.endsWith('.dcm')).sort();
const fileOf = (uid: string): string => {
  const found = files.find((name) => name.endsWith(`_${uid}.dcm`));
  if (found === undefined) throw new Error(`no file of ${uid} in ${folder}`);
  return found;
};
const reference = await decodeFrame(await open(fileOf('1.2.840.10008.1.2.1')), 0);

const LOSSLESS = ['', '.1.99', '.2', '.5', '.4.57', '.4.70', '.4.80', '.4.90'];
/**
 * The largest difference from the uncompressed file, HU, that the encoder made; and SHA-256 of the stored values, as
 * 32-bit little endian, by another decoder: DCMTK's dcmdjpeg +cn (.50, .51) and dcmdjpls (.81), OpenJPEG's
 * opj_decompress (.91). So all of the difference is the encoder's.
 */
const LOSSY: readonly (readonly [end: string, mostHu: number, sha256: string])[] = [
  ['.4.50', 70, '5c20db7d03fc3bffbbedf235c1933642a12584c163e7281eafb36bb7d6ff11bf'],
  ['.4.51', 40, '4e9716b30a50b7629712471a3b51a42905224e56862fff6a1e8a4bbb91a419b9'],
  ['.4.81', 2, '9ba0840c9e394e565ffe57389cfa1e9cec67ff193594109352a7ad9f343e722b'],
  ['.4.91', 8, 'bf9f02911b6e49d4b5f7e95c090530d907fbd1c74f77b43eff739ed76958fa99'],
];
const RETIRED = ['.4.53', '.4.55'];

test.each(LOSSLESS)('1.2.840.10008.1.2%s: identical to the uncompressed file', async (end) => {
  const { values } = await decodeFrame(await open(fileOf(`1.2.840.10008.1.2${end}`)), 0);
  expect(values).toEqual(reference.values);
});

test.each(LOSSY)(
  '1.2.840.10008.1.2%s: at most %i HU away, and what another decoder makes of it',
  async (end, most, sha256) => {
    const object = await open(fileOf(`1.2.840.10008.1.2${end}`));
    const { values } = await decodeFrame(object, 0);
    expect(createHash('sha256').update(values).digest('hex')).toBe(sha256);
    const hu = await frameHu(object, 0);
    const expected = await frameHu(await open(fileOf('1.2.840.10008.1.2.1')), 0);
    const worst = hu.reduce((w, v, i) => Math.max(w, Math.abs(v - (expected[i] as number))), 0);
    expect(worst).toBeLessThanOrEqual(most);
  },
);

test.each(RETIRED)('1.2.840.10008.1.2%s: refused by name', async (end) => {
  const uid = `1.2.840.10008.1.2${end}`;
  const name = TRANSFER_SYNTAXES.find((syntax) => syntax.uid === uid)?.name ?? 'nothing';
  const object = await open(fileOf(uid));
  await expect(decodeFrame(object, 0)).rejects.toThrow(name);
});

test('a two-frame enhanced CT in fragments', async () => {
  const object = await open('CT0012.fragmented_no_bot_jpeg_baseline.51.dcm');
  expect(object.frames).toBe(2);
  const frames = await Promise.all([0, 1].map((frame) => decodeFrame(object, frame)));
  for (const { values, pixels } of frames) {
    expect(values).toHaveLength(pixels.rows * pixels.columns);
    expect(new Set(values).size).toBeGreaterThan(50);
  }
});

test('every file that is not refused gives HU of a chest: air, soft tissue and bone', async () => {
  const hu = await frameHu(await open(fileOf('1.2.840.10008.1.2.1')), 0);
  expect(hu.some((v) => v > -1050 && v < -950)).toBe(true);
  expect(hu.some((v) => v > 300)).toBe(true);
});
