import type { Random } from '../../base/index.ts';
import { addCalcifications, addDarkAreas, type FindingOptions, type Image } from '../../phantom/index.ts';
import { imagesOf, type PreparedSeries, putImage, SLICE_STEP_PIXELS } from './prepared-series.ts';

/** Share of the transformed copies that get dark areas: without them, whatever is dark comes with blood. */
const DARKENED = 0.7;
/** And calcifications: without them, whatever is bright and small is blood. */
const CALCIFIED = 0.5;

/** A copy with old infarcts and diseased white matter, or the series itself. */
export const darkenedSeries = (series: PreparedSeries, random: Random): PreparedSeries =>
  random.chance(DARKENED) ? changed(series, addDarkAreas, random) : series;

/** A copy with calcifications, or the series itself. */
export const calcifiedSeries = (series: PreparedSeries, random: Random): PreparedSeries =>
  random.chance(CALCIFIED) ? changed(series, addCalcifications, random) : series;

function changed(
  series: PreparedSeries,
  add: (slices: readonly Image[], options: FindingOptions) => Image[],
  random: Random,
): PreparedSeries {
  const slices = series.slices.slice();
  const images = add(imagesOf(series.slices), { sliceStepPixels: SLICE_STEP_PIXELS, random });
  for (const [slice, image] of images.entries()) putImage(slices, slice, image);
  return { ...series, slices };
}
