import type { Findings, Prediction } from '../../src/prediction/index.ts';
import type { Volume } from '../../src/volume/index.ts';

/** All that the page shows of one study. */
export interface ShownStudy {
  readonly volume: Volume;
  readonly prediction: Prediction;
  readonly heatMaps: Findings['heatMaps'];
  readonly frame: Findings['frame'];
}

/** Of any hemorrhage, per slice; 0 for a model that says nothing of single slices. */
export const sliceProbabilities = ({ slices }: Prediction): number[] =>
  slices.map(({ probabilities }) => probabilities.anyHemorrhage ?? 0);

/** Where a reader looks first: the slice with the highest probability, else the middle one. */
export function firstSlice(prediction: Prediction): number {
  const probabilities = sliceProbabilities(prediction);
  const highest = Math.max(...probabilities);
  return highest > 0 ? probabilities.indexOf(highest) : Math.floor(probabilities.length / 2);
}
