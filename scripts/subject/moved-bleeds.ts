import { at } from '../../src/base/index.ts';
import { type BleedBox, pixelsInBoxes } from '../../src/cohort/index.ts';
import {
  type BrainSlice,
  findBrain,
  type Image,
  imageOf,
  pixelUnit,
  smooth,
} from '../../src/phantom/index.ts';
import { bloodInBoxes } from '../../src/training/index.ts';
import { sliceHu, type Volume } from '../../src/volume/index.ts';
import { bloodiestSlices } from './bloodiest-slices.ts';

/** Of the edge of what is moved, in pixels of a head of 256: no cut is seen. */
const FEATHER_PIXELS = 0.8;
/** Fewer pixels of blood than a disc of about 5 mm are no bleed to find. */
const LEAST_PIXELS = 30;

const leastPixels = (slice: Pick<Volume, 'columns'>): number => LEAST_PIXELS * pixelUnit(slice) ** 2;

/** The blood of one slice of a patient, with the brain that it lies in. */
interface BloodSlice {
  readonly hu: Image;
  /** 0 to 1: how much of each pixel is moved. */
  readonly share: Image;
  readonly brain: BrainSlice;
}

/** A patient's blood within its boxes, by slices from the base upwards; a slice without any is undefined. */
export function bloodSlices(volume: Volume, boxes: readonly BleedBox[]): (BloodSlice | undefined)[] {
  const { rows: side } = volume;
  const slices = Float32Array.from(volume.hu, (hu) => Math.min(120, Math.max(0, hu + 20)));
  const blood = bloodInBoxes({ side, slices }, pixelsInBoxes(volume, boxes));
  return Array.from({ length: volume.slices }, (_, slice) => {
    const own = blood.subarray(slice * side ** 2, (slice + 1) * side ** 2);
    const brain =
      own.filter((value) => value > 0).length < leastPixels(volume) ? undefined : brainOf(volume, slice);
    const isBlood = imageOf(volume, (i) => Math.sign(at(own, i)));
    return brain && { hu: brain.hu, share: smooth(isBlood, FEATHER_PIXELS * pixelUnit(volume)), brain };
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
    const brain = to < head.slices ? brainOf(head, to) : undefined;
    const moved = from && brain && movedBlood(brain, from);
    if (moved === undefined || moved.pixels < leastPixels(head)) return undefined;
    hu.set(moved.hu, to * head.rows * head.columns);
  }
  return { ...head, hu };
}

/** A slice with the other's blood in it, moved and scaled as one brain lies on the other, and how many pixels of it fell on brain. */
function movedBlood({ hu: own, mask, centre }: BrainSlice, from: BloodSlice) {
  const theirs = from.brain.centre;
  const scale = theirs.radius / centre.radius;
  const { columns, rows } = from.hu;
  const hu = Int16Array.from(own.data);
  let pixels = 0;
  for (let i = 0; i < hu.length; i++) {
    if (mask.data[i] === 0) continue;
    const row = Math.round(theirs.row + (Math.floor(i / own.columns) - centre.row) * scale);
    const column = Math.round(theirs.column + ((i % own.columns) - centre.column) * scale);
    if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
    const share = at(from.share.data, row * columns + column);
    hu[i] = Math.round(at(hu, i) + share * (at(from.hu.data, row * columns + column) - at(hu, i)));
    pixels += share;
  }
  return { hu, pixels };
}

function brainOf(volume: Volume, slice: number): BrainSlice | undefined {
  const hu = sliceHu(volume, slice);
  return findBrain(imageOf(volume, (i) => at(hu, i)));
}
