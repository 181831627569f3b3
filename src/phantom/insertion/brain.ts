import type { Random } from '../../base/index.ts';
import { at } from '../../base/index.ts';
import { countPixels, type Image, maskOf, type PixelMask, pixelUnit, smooth } from './image.ts';
import { discOf, distanceToEdge, filled, largestRegion, opened } from './regions.ts';

/** What a slice's own HU say about where the brain lies. */
export interface BrainSlice {
  readonly hu: Image;
  /** Without noise. */
  readonly smoothHu: Image;
  readonly mask: PixelMask;
  /** To the inner table of the skull, pixels. */
  readonly depth: Float32Array;
  readonly centre: { readonly row: number; readonly column: number; readonly radius: number };
}

/** What a series gets: a bleed, dark areas, calcifications. */
export interface FindingOptions {
  /** Distance between slices in pixels of a slice. */
  readonly sliceStepPixels: number;
  readonly random: Random;
}

/** Of a series: undefined where a slice shows too little brain. */
export type Brains = readonly (BrainSlice | undefined)[];

const BONE_HU = 90;
const AIR_HU = -15;
/** Bridges thinner than twice this are cut: foramina, the optic canal. Pixels of a 256 x 256 slice. */
const OPENING_PIXELS = 3;
/** Below this share of the slice there is too little brain to bleed into. */
const SMALLEST_SHARE = 0.06;

/** The brain of a slice: the largest opened region that bone surrounds; undefined where it is small. */
export function findBrain(hu: Image): BrainSlice | undefined {
  const unit = pixelUnit(hu);
  const inside = insideSkull(hu);
  const open = opened(
    maskOf(hu, (i) => inside.data[i] === 1 && at(hu.data, i) > AIR_HU),
    OPENING_PIXELS * unit,
  );
  const region = largestRegion(open);
  if (region === undefined || countPixels(region) < SMALLEST_SHARE * hu.data.length) return undefined;
  const mask = filled(region);
  return { hu, smoothHu: smooth(hu, 1.2 * unit), mask, depth: distanceToEdge(mask), centre: discOf(mask) };
}

/** Pixels from which bone is seen to the left, right, top and bottom, and which are no bone. */
function insideSkull(hu: Image): PixelMask {
  const { rows, columns } = hu;
  const seen = new Uint8Array(rows * columns);
  const look = (start: number, step: number, length: number): void => {
    let bone = false;
    for (let k = 0, i = start; k < length; k++, i += step) {
      bone ||= at(hu.data, i) > BONE_HU;
      if (bone) seen[i] = at(seen, i) + 1;
    }
  };
  for (let row = 0; row < rows; row++) {
    look(row * columns, 1, columns);
    look((row + 1) * columns - 1, -1, columns);
  }
  for (let column = 0; column < columns; column++) {
    look(column, columns, rows);
    look((rows - 1) * columns + column, -columns, rows);
  }
  return maskOf(hu, (i) => seen[i] === 4 && at(hu.data, i) <= BONE_HU);
}

/** A slice with brain, between two shares of the way up. */
export function pickSlice(
  brains: Brains,
  random: Random,
  [low, high]: readonly [number, number],
): number | undefined {
  const last = brains.length - 1;
  const found = [...brains.keys()].filter((i) => brains[i] && i >= low * last && i <= high * last);
  return found.length > 0 ? random.pick(found) : undefined;
}
