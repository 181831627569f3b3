import { HEMORRHAGE_CLASSES, type HemorrhageName, ofClasses } from '../../src/base/index.ts';
import { type HeatMapScale, heatMapCells, heatMapScale, sliceHeatMap } from '../../src/figures/index.ts';
import { type Findings, type Prediction, thresholdOf } from '../../src/prediction/index.ts';
import { thresholdText } from '../../src/report/index.ts';
import { sliceHu, type Volume, type VolumeGeometry } from '../../src/volume/index.ts';

/** A stack of slices that may still be coming, inferior to superior. */
export interface ShownVolume {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  readonly geometry: Omit<VolumeGeometry, 'imagePositionsPatient'>;
  /** Of each slice, rows x columns; undefined while it is read, and where it cannot be. */
  readonly hu: readonly (Int16Array | undefined)[];
}

/** One that is whole. */
export const shownVolume = (volume: Volume): ShownVolume => ({
  ...volume,
  hu: Array.from({ length: volume.slices }, (_, slice) => sliceHu(volume, slice)),
});

export type ShownMaps = Pick<Findings, 'heatMaps' | 'frame'>;

export const NO_MAPS: ShownMaps = {
  heatMaps: {},
  frame: { rowStart: 0, rowSize: 1, columnStart: 0, columnSize: 1 },
};

/** All that the page shows of one study. */
export interface ShownStudy extends Partial<ShownMaps> {
  readonly volume: ShownVolume;
  readonly prediction: Prediction;
  /** Slices that have no picture, and why. */
  readonly unread?: ReadonlyMap<number, string>;
}

/** What the model says of one class, slice by slice. */
export interface ClassCurve {
  readonly name: HemorrhageName;
  /** Undefined where a slice has none. */
  readonly probabilities: readonly (number | undefined)[];
  /** From this probability on a slice is suspicious. */
  readonly threshold: number;
  /** With its name where it has one. */
  readonly thresholdText: string;
}

export const curveOf = (prediction: Prediction, name: HemorrhageName): ClassCurve => ({
  name,
  probabilities: prediction.slices.map(({ probabilities }) => probabilities[name]),
  threshold: thresholdOf(prediction, name),
  thresholdText: thresholdText(prediction, name),
});

/** One stack of slices as a pane shows it: the study's, or a prior's, which no map and no probability goes with. */
export interface Pane {
  readonly volume: ShownVolume;
  /** Of each slice along the stack, mm. */
  readonly positionsMm: readonly number[];
  /** Of each class; empty where the model is not asked. */
  readonly curves: Readonly<Partial<Record<HemorrhageName, ClassCurve>>>;
  readonly mapClasses: readonly HemorrhageName[];
  /** What the colours of its maps mean; absent where it has none. */
  readonly mapScale?: HeatMapScale | undefined;
  /** Slices that have no picture, and why. */
  readonly unread?: ReadonlyMap<number, string> | undefined;
}

export const paneOf = ({ volume, prediction, heatMaps, unread }: ShownStudy): Pane => ({
  volume,
  unread,
  positionsMm: prediction.slices.map(({ positionMm }) => positionMm),
  curves: ofClasses((name) => curveOf(prediction, name)),
  mapClasses: HEMORRHAGE_CLASSES.map(({ name }) => name).filter((name) => heatMaps?.[name] !== undefined),
  mapScale: scaleOf(heatMaps, volume),
});

function scaleOf(heatMaps: ShownStudy['heatMaps'] = {}, { slices }: ShownVolume): HeatMapScale | undefined {
  const [maps] = Object.values(heatMaps);
  return maps && heatMapScale(heatMapCells(sliceHeatMap(maps, slices, 0)));
}

/** Slices that are read, or that cannot be. */
export const slicesDone = ({ volume, unread }: Pick<Pane, 'volume' | 'unread'>): number =>
  volume.hu.filter((hu, slice) => hu !== undefined || unread?.has(slice)).length;
