import { expect, test } from 'vitest';
import { readStudy } from '../../src/study/index.ts';
import { sliceHu } from '../../src/volume/index.ts';
import { enhancedHead, headFiles } from '../../test/support/dicom-series.ts';
import { matchSlices } from './match-slices.ts';

test('the pictures of all slices are taken as they are', async () => {
  const read = await readStudy(headFiles());
  const { volume, unread } = matchSlices(read.slices.map(asPredicted), read);
  expect(volume).toBe(read.volume);
  expect(unread.size).toBe(0);
});

test('a file that cannot be read now leaves its own place empty and says why', async () => {
  const then = await readStudy(headFiles());
  const files = headFiles().map((file, i) =>
    i === 9 ? { ...file, path: '1.2.826.0.1.1.2.10', read: broken(file.read) } : file,
  );
  const now = await readStudy(files);
  expect(now.volume.slices).toBe(27);
  const { volume, unread } = matchSlices(then.slices.map(asPredicted), now);
  expect([...unread]).toEqual([[9, expect.stringContaining('1.2.826.0.1.1.2.10')]]);
  expect(volume.slices).toBe(28);
  expect(new Set(sliceHu(volume, 9))).toEqual(new Set([-1000]));
  for (const slice of [0, 8, 10, 27]) expect(sliceHu(volume, slice)).toEqual(sliceHu(then.volume, slice));
  expect(volume.geometry.imagePositionsPatient).toHaveLength(28);
  expect(volume.geometry.imagePositionsPatient[10]).toEqual(then.volume.geometry.imagePositionsPatient[10]);
});

test('frames of one object are told apart by their places', async () => {
  const placesMm = Array.from({ length: 12 }, (_, i) => 10 * i - 55);
  const read = await readStudy([enhancedHead(placesMm)]);
  expect(matchSlices(read.slices.map(asPredicted), read).volume).toBe(read.volume);
});

test('pictures of another result are not shown beside this one', async () => {
  const read = await readStudy(headFiles());
  const others = read.slices.map(({ positionMm }) => ({
    positionMm,
    sopInstanceUid: '1.2',
    probabilities: {},
  }));
  expect(() => matchSlices(others, read)).toThrow('not those that were predicted');
});

const asPredicted = ({
  positionMm,
  sopInstanceUid = '',
}: {
  positionMm: number;
  sopInstanceUid?: string;
}) => ({
  positionMm,
  sopInstanceUid,
  probabilities: {},
});

/** The header is whole, the pixels end early. */
const broken = (read: (bytes?: number) => Promise<Uint8Array>) => async (bytes?: number) => {
  const whole = await read();
  return whole.subarray(0, Math.min(bytes ?? whole.length, whole.length - 3000));
};
