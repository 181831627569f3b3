import { at } from '../../base/index.ts';
import { findBrain } from '../../phantom/index.ts';
import { imagesOf, type PreparedSlices } from './prepared-series.ts';

/** HU of blood once noise is smoothed away: above brain, below bone. */
const BLOOD_HU = [48, 90] as const;

/**
 * Where the blood is, [slices, side, side], as BleedMask says: what is as bright as blood within the boxes and inside the skull,
 * for a box has brain in it, and often the scalp's own blood.
 * @param boxes pixels within boxes, in the same form
 */
export function bloodInBoxes(series: PreparedSlices, boxes: Uint8Array): Uint8Array {
  const blood = new Uint8Array(boxes.length);
  const area = series.side ** 2;
  for (const [slice, image] of imagesOf(series).entries()) {
    const own = boxes.subarray(slice * area, (slice + 1) * area);
    const brain = own.some((value) => value > 0) ? findBrain(image) : undefined;
    if (brain === undefined) continue;
    for (const [i, value] of own.entries()) {
      const hu = at(brain.smoothHu.data, i);
      const isBlood = hu >= BLOOD_HU[0] && hu <= BLOOD_HU[1] && brain.mask.data[i] === 1;
      if (isBlood) blood[slice * area + i] = value;
    }
  }
  return blood;
}
