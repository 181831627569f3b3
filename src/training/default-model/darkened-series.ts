import type { Random } from '../../base/index.ts';
import { addDarkAreas } from '../../phantom/index.ts';
import { imagesOf, type PreparedSeries, putImage, SLICE_STEP_PIXELS } from './prepared-series.ts';

/** Share of the transformed copies that get dark areas: without them, whatever is dark comes with blood. */
const SHARE = 0.7;

/** A copy with old infarcts and diseased white matter, or the series itself. */
export function darkenedSeries(series: PreparedSeries, random: Random): PreparedSeries {
  if (!random.chance(SHARE)) return series;
  const slices = series.slices.slice();
  const darkened = addDarkAreas(imagesOf(series.slices), { sliceStepPixels: SLICE_STEP_PIXELS, random });
  for (const [slice, image] of darkened.entries()) putImage(slices, slice, image);
  return { ...series, slices };
}
