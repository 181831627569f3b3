import { at } from '../../src/base/index.ts';
import { type BleedBox, pixelsInBoxes } from '../../src/cohort/index.ts';
import { type BloodSlice, bloodSlice, findBrain, imageOf, moveBlood } from '../../src/phantom/index.ts';
import { bloodInBoxes } from '../../src/training/index.ts';
import { sliceHu, type Volume } from '../../src/volume/index.ts';
import { bloodiestSlices } from './bloodiest-slices.ts';

/** Where a patient's blood is, [slices, rows, columns]: what is as bright as blood within its boxes; of square slices. */
export function bloodOf(volume: Volume, boxes: readonly BleedBox[]): Uint8Array {
  const slices = Float32Array.from(volume.hu, (hu) => Math.min(120, Math.max(0, hu + 20)));
  return bloodInBoxes({ side: volume.rows, slices }, pixelsInBoxes(volume, boxes));
}

/** A patient's blood within its boxes, by slices from the base upwards; a slice without any is undefined. */
export function bloodSlices(volume: Volume, boxes: readonly BleedBox[]): (BloodSlice | undefined)[] {
  const { rows, columns } = volume;
  const blood = bloodOf(volume, boxes);
  const area = rows * columns;
  return Array.from({ length: volume.slices }, (_, slice) => {
    const own = blood.subarray(slice * area, (slice + 1) * area).map(Math.sign);
    return bloodSlice(imageOfSlice(volume, slice), { rows, columns, data: own });
  });
}

/**
 * The head with so many slices of a patient's blood, the bloodiest side by side, at the same height of the series and the same
 * place of the brain; undefined where the blood has not so many slices or falls on too little brain.
 */
export function withMovedBlood(
  head: Volume,
  blood: readonly (BloodSlice | undefined)[],
  wanted: number,
): Volume | undefined {
  const pixels = blood.map((one) => one?.share.data.reduce((sum, share) => sum + share, 0) ?? 0);
  const run = bloodiestSlices(pixels, wanted);
  if (run === undefined) return undefined;
  const start = Math.round((run.from * head.slices) / blood.length);
  const hu = head.hu.slice();
  for (let i = 0; i < wanted; i++) {
    const [from, to] = [blood[run.from + i], start + i];
    const brain = to < head.slices ? findBrain(imageOfSlice(head, to)) : undefined;
    const moved = from && brain && moveBlood(brain, from);
    if (moved === undefined) return undefined;
    hu.set(moved.hu.data.map(Math.round), to * head.rows * head.columns);
  }
  return { ...head, hu };
}

function imageOfSlice(volume: Volume, slice: number) {
  const hu = sliceHu(volume, slice);
  return imageOf(volume, (i) => at(hu, i));
}
