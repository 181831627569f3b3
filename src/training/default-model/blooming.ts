import { IMAGE_SIDE } from '../../network/index.ts';
import { imageOf, smooth } from '../../phantom/index.ts';
import { BONE, CEILING, type PreparedSlices } from './prepared-series.ts';

/** How bone spreads over what lies beside it. */
export interface Blooming {
  /** HU of bone above what the images stop at. */
  readonly boneHu: number;
  /** Deviation of the scanner's blur beyond the image's own, pixels of a slice of 256 x 256, of about 0.8 mm. */
  readonly sigma: number;
  /** Share of a slice's signal that comes from each neighbouring slice. */
  readonly fromNeighbours: number;
}

/**
 * Lets bone shine into the tissue beside it, in place, as soft kernels and thick slices over a sloping skull do:
 * a few percent of 1000 HU look like blood along the inner table. The training images were cut at 100 HU after they
 * were blurred by one scanner's kernel; blurring them again spreads a bone of 100 HU, ten times too little.
 */
export function addBlooming(
  { slices, side }: PreparedSlices,
  { boneHu, sigma, fromNeighbours }: Blooming,
): void {
  if (boneHu === 0) return;
  const size = side ** 2;
  const spread = Array.from({ length: slices.length / size }, (_, s) => {
    const bone = imageOf({ rows: side, columns: side }, (i) =>
      (slices[s * size + i] as number) >= BONE ? boneHu : 0,
    );
    return smooth(bone, (sigma * side) / IMAGE_SIDE).data;
  });
  for (const [s, own] of spread.entries()) {
    const slice = slices.subarray(s * size, (s + 1) * size);
    const [below, above] = [spread[s - 1], spread[s + 1]];
    for (const [i, v] of slice.entries()) {
      const ofNeighbours = (below?.[i] ?? 0) + (above?.[i] ?? 0);
      if (v < BONE) slice[i] = Math.min(CEILING, v + (own[i] as number) + fromNeighbours * ofNeighbours);
    }
  }
}
