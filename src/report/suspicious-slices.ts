import type { Prediction } from '../prediction/index.ts';

/** How many slices a report shows. */
export const SHOWN_SLICES = 6;

/** The slice's own probability of any hemorrhage. */
export const sliceProbability = (prediction: Prediction, slice: number): number =>
  prediction.slices[slice]?.probabilities.anyHemorrhage ?? 0;

/** Indexes of the slices with the highest probability, highest first; of equals the more inferior first. */
export function mostSuspiciousSlices(prediction: Prediction, count = SHOWN_SLICES): number[] {
  return prediction.slices
    .map((_, slice) => slice)
    .sort((a, b) => sliceProbability(prediction, b) - sliceProbability(prediction, a) || a - b)
    .slice(0, count);
}

/** Indexes of the slices at or above the operating point, from inferior to superior. */
export function positiveSlices(prediction: Prediction): number[] {
  return prediction.slices
    .map((_, slice) => slice)
    .filter((slice) => sliceProbability(prediction, slice) >= prediction.operatingPoint);
}
