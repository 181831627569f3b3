import { expect, test } from 'vitest';
import { fileOf, headHuAt, niftiBytes } from '../../../test/support/nifti-file.ts';
import { type AcceptedStudy, readNiftiMask, readStudies } from '../index.ts';

const MARK_HU = 70;
/** The fixture's mark, by the voxel's place in the file. */
const markAt = (i: number, j: number, k: number): number =>
  headHuAt(95 - 2 * i, 95 - 2 * j, -70 + 5 * k) === MARK_HU ? 2 : 0;

test('a mask lies voxel for voxel as the image that readStudies gives', async () => {
  const image = fileOf('head.nii', niftiBytes());
  const mask = await readNiftiMask(fileOf('mask.nii', niftiBytes({ valueAt: markAt })));
  let volume: AcceptedStudy['volume'] | undefined;
  for await (const outcome of readStudies([image])) {
    expect(outcome.kind).toBe('accepted');
    volume = (outcome as AcceptedStudy).volume;
  }
  expect([mask.slices, mask.rows, mask.columns]).toEqual([volume?.slices, volume?.rows, volume?.columns]);
  expect(mask.values.filter((value) => value === 2).length).toBeGreaterThan(50);
  expect([...mask.values].every((value, i) => value === (volume?.hu[i] === MARK_HU ? 2 : 0))).toBe(true);
});

test('a mask that ends early is refused by name', async () => {
  const cut = niftiBytes({ valueAt: markAt }).subarray(0, 5000);
  await expect(readNiftiMask(fileOf('mask.nii', cut))).rejects.toThrow(/mask\.nii: it holds 5000 bytes/);
});

test.each([300, -1])('a voxel of %d is refused: it is no label', async (value) => {
  const strange = niftiBytes({ valueAt: (i) => (i === 3 ? value : 0) });
  const reading = readNiftiMask(fileOf('mask.nii', strange));
  await expect(reading).rejects.toMatchObject({
    code: 'mask-value',
    message: expect.stringContaining(String(value)),
  });
});
