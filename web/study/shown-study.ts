import { HEMORRHAGE_CLASSES, type HemorrhageName } from '../../src/base/index.ts';
import type { Findings, Prediction } from '../../src/prediction/index.ts';
import { findingState } from '../../src/report/index.ts';
import type { Volume } from '../../src/volume/index.ts';

/** All that the page shows of one study. */
export interface ShownStudy {
  readonly volume: Volume;
  readonly prediction: Prediction;
  readonly heatMaps: Findings['heatMaps'];
  readonly frame: Findings['frame'];
  /** Slices that have no picture, and why; their HU are air that nobody measured. */
  readonly unread?: ReadonlyMap<number, string>;
}

/** One stack of slices as a pane shows it: the study's, or a prior's, which no map and no probability goes with. */
export interface Pane {
  readonly volume: Volume;
  /** Of each slice along the stack, mm. */
  readonly positionsMm: readonly number[];
  /** Of any hemorrhage, per slice; empty where the model is not asked. */
  readonly probabilities: readonly (number | undefined)[];
  readonly operatingPoint: number;
  readonly mapClasses: readonly HemorrhageName[];
  /** Slices that have no picture, and why. */
  readonly unread?: ReadonlyMap<number, string> | undefined;
}

export const paneOf = ({ volume, prediction, heatMaps, unread }: ShownStudy): Pane => ({
  volume,
  unread,
  positionsMm: prediction.slices.map(({ positionMm }) => positionMm),
  probabilities: prediction.slices.map(({ probabilities }) => probabilities.anyHemorrhage),
  operatingPoint: prediction.operatingPoint,
  mapClasses: HEMORRHAGE_CLASSES.map(({ name }) => name).filter((name) => heatMaps[name] !== undefined),
});

/** Of any hemorrhage, per slice; 0 for a model that says nothing of single slices. */
export const sliceProbabilities = ({ slices }: Prediction): number[] =>
  slices.map(({ probabilities }) => probabilities.anyHemorrhage ?? 0);

/** Where a reader looks first: the most probable slice, or the middle one where nothing is suspected. */
export function firstSlice(prediction: Prediction): number {
  const probabilities = sliceProbabilities(prediction);
  const highest = Math.max(...probabilities);
  const isSuspected = highest > 0 && findingState(prediction) !== 'below';
  return isSuspected ? probabilities.indexOf(highest) : Math.floor(probabilities.length / 2);
}
