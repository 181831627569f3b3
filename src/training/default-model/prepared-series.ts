import { IMAGE_SIDE, PREPROCESSING } from '../../network/index.ts';
import type { Image } from '../../phantom/index.ts';

/** Prepared slices, HU above the floor, [slices, 256, 256], with six targets a slice. */
export interface PreparedSeries {
  readonly slices: Float32Array;
  readonly targets: readonly (readonly number[])[];
  /** Where the blood is, [slices, 256, 256], as BleedMask says; absent where that is not known. */
  readonly mask?: Uint8Array;
}

export type MaskedSeries = PreparedSeries & { readonly mask: Uint8Array };

/** 5 mm in pixels of a head of about 200 mm on 256 pixels: the series of ct-ich are about so far apart. */
export const SLICE_STEP_PIXELS = 6.5;

const SLICE_SIZE = IMAGE_SIDE ** 2;
const { floorHu } = PREPROCESSING.head;
/** HU above the floor that prepared slices stop at. */
export const CEILING = 120;
/** HU above the floor from which a pixel is bone: images that stop at 100 HU do not say how much of it. */
export const BONE = 115;

/** The slices in HU. */
export function imagesOf(slices: Float32Array): Image[] {
  return Array.from({ length: slices.length / SLICE_SIZE }, (_, i) => ({
    rows: IMAGE_SIDE,
    columns: IMAGE_SIDE,
    data: slices.slice(i * SLICE_SIZE, (i + 1) * SLICE_SIZE).map((v) => v + floorHu),
  }));
}

/** Puts a slice of HU back, in place. */
export function putImage(slices: Float32Array, slice: number, { data }: Image): void {
  slices.set(
    data.map((v) => Math.min(Math.max(v - floorHu, 0), CEILING)),
    slice * SLICE_SIZE,
  );
}
