import { IMAGE_SIDE, PREPROCESSING } from '../../network/index.ts';
import type { Image } from '../../phantom/index.ts';

/** Prepared slices, HU above the floor, [slices, side, side], with six targets a slice. */
export interface PreparedSeries {
  readonly side: number;
  readonly slices: Float32Array;
  readonly targets: readonly (readonly number[])[];
  /** Where the blood is, [slices, side, side], as BleedMask says; absent where that is not known. */
  readonly mask?: Uint8Array;
}

export type MaskedSeries = PreparedSeries & { readonly mask: Uint8Array };

export type PreparedSlices = Pick<PreparedSeries, 'side' | 'slices'>;

/** 5 mm in pixels of a head of about 200 mm on 256 pixels: the series of ct-ich are about so far apart. */
const STEP_PIXELS = 6.5;
/** The same on so many pixels. */
export const sliceStepPixels = ({ side }: Pick<PreparedSeries, 'side'>): number =>
  (STEP_PIXELS * side) / IMAGE_SIDE;

const { floorHu } = PREPROCESSING.head;
/** HU above the floor that prepared slices stop at. */
export const CEILING = 120;
/** HU above the floor from which a pixel is bone: images that stop at 100 HU do not say how much of it. */
export const BONE = 115;

/** The slices in HU. */
export function imagesOf({ slices, side }: PreparedSlices): Image[] {
  const size = side ** 2;
  return Array.from({ length: slices.length / size }, (_, i) => ({
    rows: side,
    columns: side,
    data: slices.slice(i * size, (i + 1) * size).map((v) => v + floorHu),
  }));
}

/** Puts a slice of HU back, in place. */
export function putImage(slices: Float32Array, slice: number, { data }: Image): void {
  slices.set(
    data.map((v) => Math.min(Math.max(v - floorHu, 0), CEILING)),
    slice * data.length,
  );
}
