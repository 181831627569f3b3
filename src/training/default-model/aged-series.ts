import type { Random } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import {
  addCalcifications,
  addDarkAreas,
  type FindingOptions,
  type Image,
  openSkull,
} from '../../phantom/index.ts';
import { imagesOf, type PreparedSeries, putImage, sliceStepPixels } from './prepared-series.ts';
import { PHANTOM_SOURCE } from './series-copy.ts';

/** Share of the transformed copies that get dark areas: without them, whatever is dark comes with blood. */
const DARKENED = 0.7;
/** And calcifications: without them, whatever is bright and small is blood. */
const CALCIFIED = 0.5;

/**
 * A copy with old infarcts, diseased white matter and calcifications, by chance; phantoms have calcifications of their own.
 */
export function agedSeries(
  series: PreparedSeries,
  { source }: LabelledStudy,
  stream: Random,
): PreparedSeries {
  const [dark, calcified] = [stream.fork('dark areas'), stream.fork('calcifications')];
  const darkened = dark.chance(DARKENED) ? changed(series, addDarkAreas, dark) : series;
  if (source === PHANTOM_SOURCE || !calcified.chance(CALCIFIED)) return darkened;
  return changed(darkened, addCalcifications, calcified);
}

/** A copy whose skull is open at one place, with such a chance: after bleeds are in, for they look for a closed one. */
export function openedSeries(series: PreparedSeries, share: number, random: Random): PreparedSeries {
  return random.chance(share) ? changed(series, openSkull, random) : series;
}

function changed(
  series: PreparedSeries,
  add: (slices: readonly Image[], options: FindingOptions) => Image[],
  random: Random,
): PreparedSeries {
  const slices = series.slices.slice();
  const images = add(imagesOf(series), { sliceStepPixels: sliceStepPixels(series), random });
  for (const [slice, image] of images.entries()) putImage(slices, slice, image);
  return { ...series, slices };
}
