import type { ResultFacts } from '../../archive/index.ts';
import type { Prediction } from '../../prediction/index.ts';
import type { Volume } from '../../volume/index.ts';

/** What a result tells of its series, for the watch over drift. */
export function seenFacts({ series, unlikeTraining }: Prediction, volume: Volume): ResultFacts['seen'] {
  const { scanner, kernel, sliceThicknessMm } = series;
  const headHu = softTissueHu(volume);
  return {
    ...(scanner !== undefined && { scanner }),
    ...(kernel !== undefined && { kernel }),
    ...(sliceThicknessMm !== undefined && { thicknessMm: sliceThicknessMm }),
    ...(headHu !== undefined && { headHu }),
    ...(unlikeTraining && { unlikeDistance: unlikeTraining.distance }),
  };
}

/** Brain, blood and liquor, and neither fat nor bone. */
const [SOFT_FROM_HU, SOFT_TO_HU] = [1, 100];
/** A median of a million values needs not all of them. */
const STEP = 7;

/** Median HU of the head's soft tissue; undefined where there is none. */
export function softTissueHu({ hu }: Pick<Volume, 'hu'>): number | undefined {
  const counts = new Uint32Array(SOFT_TO_HU + 1);
  let total = 0;
  for (let k = 0; k < hu.length; k += STEP) {
    const value = hu[k] ?? 0;
    if (value < SOFT_FROM_HU || value > SOFT_TO_HU) continue;
    counts[value] = (counts[value] ?? 0) + 1;
    total++;
  }
  if (total === 0) return undefined;
  let below = 0;
  return counts.findIndex((count) => {
    below += count;
    return below >= total / 2 && below > 0;
  });
}
