import { largestOf } from '../base/index.ts';
import type { Prediction } from '../prediction/index.ts';

/** How many slices a report shows. */
const SHOWN_SLICES = 6;

/** The slice's own probability of any hemorrhage. */
export const sliceProbability = (prediction: Prediction, slice: number): number =>
  prediction.slices[slice]?.probabilities.anyHemorrhage ?? 0;

/** Sub-Lab networks say nothing of single slices. */
export const hasSliceProbabilities = ({ slices }: Prediction): boolean =>
  slices.some(({ probabilities }) => probabilities.anyHemorrhage !== undefined);

/**
 * Indexes of the slices with the highest probability, from inferior to superior; of equals the more inferior is taken.
 * Without probabilities of slices, as many spread evenly over the head.
 */
export function mostSuspiciousSlices(prediction: Prediction, count = SHOWN_SLICES): number[] {
  const total = prediction.slices.length;
  if (!hasSliceProbabilities(prediction)) {
    const shown = Math.min(count, total);
    return Array.from({ length: shown }, (_, i) => Math.floor(((i + 0.5) * total) / shown));
  }
  return prediction.slices
    .map((_, slice) => slice)
    .sort((a, b) => sliceProbability(prediction, b) - sliceProbability(prediction, a) || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** Of these slices the one with the highest probability; undefined where the model says nothing of slices. */
export function topSlice(prediction: Prediction, shown: readonly number[]): number | undefined {
  if (!hasSliceProbabilities(prediction)) return undefined;
  const most = largestOf(shown.map((slice) => sliceProbability(prediction, slice)));
  return shown.find((slice) => sliceProbability(prediction, slice) === most);
}

/** Indexes of the slices at or above the operating point, from inferior to superior. */
export function positiveSlices(prediction: Prediction): number[] {
  return prediction.slices
    .map((_, slice) => slice)
    .filter((slice) => sliceProbability(prediction, slice) >= prediction.operatingPoint);
}
