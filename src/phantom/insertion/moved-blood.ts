import { at } from '../../base/index.ts';
import { type BrainSlice, findBrain } from './brain.ts';
import { countPixels, type Image, imageOf, type PixelMask, pixelUnit, smooth } from './image.ts';

/** Of the edge of what is moved, pixels of a slice of 256 x 256: no cut is seen. */
const FEATHER_PIXELS = 0.8;
/** Fewer pixels of blood, of a slice of 256 x 256, than a disc of about 5 mm are no bleed to find. */
const LEAST_PIXELS = 30;
/** From this share on a pixel counts as moved blood. */
const MOSTLY = 0.5;

/** The blood of one slice of a real series, with the brain that it lies in. */
export interface BloodSlice {
  readonly brain: BrainSlice;
  /** 0 to 1: how much of each pixel is moved. */
  readonly share: Image;
}

export interface MovedBlood {
  readonly hu: Image;
  /** The pixel that each pixel of blood came from; -1 elsewhere. */
  readonly origins: Int32Array;
}

/** Undefined where there is little blood, or too little brain to say where in it the blood lies. */
export function bloodSlice(hu: Image, blood: PixelMask): BloodSlice | undefined {
  if (countPixels(blood) < leastPixels(hu)) return undefined;
  const brain = findBrain(hu);
  const isBlood = imageOf(hu, (i) => at(blood.data, i));
  return brain && { brain, share: smooth(isBlood, FEATHER_PIXELS * pixelUnit(hu)) };
}

/**
 * A slice of another head with this blood, HU and noise as they are, moved and scaled as one brain lies on the other.
 * @param mirrored left and right, as blood lies on either side
 * @returns undefined where little of the blood falls on brain
 */
export function moveBlood(
  { hu: own, mask, centre }: BrainSlice,
  { brain, share }: BloodSlice,
  mirrored = false,
): MovedBlood | undefined {
  const { hu: theirs, centre: theirCentre } = brain;
  const scale = theirCentre.radius / centre.radius;
  const sense = mirrored ? -1 : 1;
  const data = own.data.slice();
  const origins = new Int32Array(data.length).fill(-1);
  let moved = 0;
  for (let i = 0; i < data.length; i++) {
    if (mask.data[i] === 0) continue;
    const [down, right] = [Math.floor(i / own.columns) - centre.row, (i % own.columns) - centre.column];
    const row = Math.round(theirCentre.row + down * scale);
    const column = Math.round(theirCentre.column + sense * right * scale);
    if (row < 0 || row >= theirs.rows || column < 0 || column >= theirs.columns) continue;
    const origin = row * theirs.columns + column;
    const part = at(share.data, origin);
    data[i] = at(data, i) + part * (at(theirs.data, origin) - at(data, i));
    if (part < MOSTLY) continue;
    origins[i] = origin;
    moved++;
  }
  return moved < leastPixels(own) ? undefined : { hu: { ...own, data }, origins };
}

const leastPixels = (slice: Pick<Image, 'columns'>): number => LEAST_PIXELS * pixelUnit(slice) ** 2;
