import { expect, test } from 'vitest';
import { bloodSlices, withMovedBlood } from '../scripts/subject/moved-bleeds.ts';
import { createPhantom } from '../src/phantom/index.ts';
import { sliceHu, type Volume } from '../src/volume/index.ts';

const SIDE = 128;
const patient = createPhantom({
  seed: 5,
  side: SIDE,
  bleeds: [{ subtype: 'intraparenchymal', volumeMl: 30 }],
});
const head = createPhantom({ seed: 6, side: SIDE, bleeds: [] }).volume;

/** A box around each slice's blood. */
const boxes = Array.from({ length: patient.volume.slices }, (_, slice) => {
  const own = patient.mask.subarray(slice * SIDE ** 2, (slice + 1) * SIDE ** 2);
  const places = [...own.keys()].filter((i) => own[i] !== 0);
  const around = (of: (place: number) => number) =>
    [Math.min(...places.map(of)) / SIDE, (Math.max(...places.map(of)) + 1) / SIDE] as const;
  const [rows, columns] = [around((i) => Math.floor(i / SIDE)), around((i) => i % SIDE)];
  return { slice, subtype: 'intraparenchymal', rows, columns, bleeds: places.length > 0 } as const;
}).filter(({ bleeds }) => bleeds);
const blood = bloodSlices(patient.volume, boxes);

/** Slices of the head that are no longer as they were, with their pixels that are brighter by more than 10 HU. */
function changedSlices(moved: Volume): number[] {
  return Array.from({ length: head.slices }, (_, slice) => {
    const [before, after] = [sliceHu(head, slice), sliceHu(moved, slice)];
    return after.filter((hu, i) => hu > (before[i] ?? 0) + 10).length;
  }).filter((pixels) => pixels > 0);
}

test.each([1, 2, 3])('moves %i slices of blood into another head, and nothing else', (wanted) => {
  const moved = withMovedBlood(head, blood, wanted);
  const brighter = changedSlices(moved as Volume);
  expect(brighter).toHaveLength(wanted);
  expect(Math.min(...brighter)).toBeGreaterThan(100);
});

test('a bleed of fewer slices than are wanted is not moved', () => {
  expect(withMovedBlood(head, blood, boxes.length + 1)).toBeUndefined();
});
