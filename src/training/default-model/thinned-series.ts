import { at, type Random } from '../../base/index.ts';

/** What one series gives: the features of its slices, [slices, width], and six targets a slice. */
export interface SeriesRows {
  readonly features: Float32Array;
  readonly targets: readonly (readonly number[])[];
}

/** Of a thinned series at most so many slices bleed. */
const MOST_BLEEDING = 3;

/**
 * The series as if its bleed were small: of its bleeding slices one to three neighbours stay, drawn evenly, and all others
 * are left out; unchanged where it does not bleed.
 */
export function thinnedSeries({ features, targets }: SeriesRows, random: Random): SeriesRows {
  const bleeds = (slice: number): boolean => targets[slice]?.[0] === 1;
  const slices = [...targets.keys()];
  const bleeding = slices.filter(bleeds);
  if (bleeding.length === 0) return { features, targets };
  const first = random.pick(bleeding);
  const last = first + random.integer(1, MOST_BLEEDING) - 1;
  return rowsOf(
    { features, targets },
    slices.filter((slice) => !bleeds(slice) || (slice >= first && slice <= last)),
  );
}

/** The series with so many slices: each stands for several, or for itself and those left out beside it. */
export const recountedSeries = (series: SeriesRows, count: number): SeriesRows =>
  rowsOf(
    series,
    Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * series.targets.length) / count)),
  );

function rowsOf({ features, targets }: SeriesRows, slices: readonly number[]): SeriesRows {
  const width = features.length / targets.length;
  const kept = new Float32Array(slices.length * width);
  for (const [to, from] of slices.entries())
    kept.set(features.subarray(from * width, (from + 1) * width), to * width);
  return { features: kept, targets: slices.map((slice) => at(targets, slice)) };
}
