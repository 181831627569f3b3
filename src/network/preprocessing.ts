import { at } from '../base/index.ts';
import {
  cast,
  clip,
  concat,
  divide,
  matMul,
  multiply,
  reshape,
  sizeOf,
  subtract,
  unsqueeze,
  type Value,
} from '../graph/index.ts';
import {
  areaMatrix,
  columnPlaces,
  resampleBy,
  rowPlaces,
  type Stretch,
  wholeAxis,
} from './area-resampling.ts';
import { headChannels } from './head-channels.ts';
import { type Frame, frameFromValues, headFrame, headProfiles } from './head-frame.ts';
import type { PreprocessingName } from './settings.ts';

/** From HU to what a CNN sees. Everything happens inside the graph, from int16 HU of any number of rows and columns. */
export interface Preprocessing {
  readonly name: PreprocessingName;
  /** HU at and below the floor become 0, at and above the ceiling the span between them. */
  readonly floorHu: number;
  readonly ceilingHu: number;
  /** Whether slices are cropped to a frame that is found over the whole series. */
  readonly crops: boolean;
  /** int16 HU [slices, rows, columns] -> HU above the floor, [slices, side, side]: what augmentation works on. */
  prepare(hu: Value, frame: Frame, side: number): Value;
  /** HU above the floor [slices, side, side] -> three channels [slices, 3, side, side], 0 to 1. */
  channels(prepared: Value): Value;
}

/** Supplement 2: each range linearly to 0 to 1. */
const PAPER_RANGES_HU = [
  [-50, 150],
  [100, 300],
  [250, 450],
] as const;

const PAPER: Preprocessing = {
  name: 'paper',
  floorHu: -50,
  ceilingHu: 450,
  crops: false,
  prepare: (hu, frame, side) =>
    aboveFloor(resampleBy(cast(hu, 'float32'), ...paperMatrices(hu, frame, side)), PAPER),
  channels: (prepared) =>
    concat(
      PAPER_RANGES_HU.map(([low, high]) => rangeChannel(prepared, PAPER, low, high)),
      1,
    ),
};

/** Resampled to 512 x 512 (no change where it is so already), then to half of it, 256 x 256: one matrix for each axis. */
function paperMatrices(hu: Value, frame: Frame, side: number): [Value, Value] {
  const double = 2 * side;
  const halving = areaMatrix(wholeAxis(double), { start: 0, size: double }, side);
  const first = (places: Value, stretch: Stretch) => matMul(halving, areaMatrix(places, stretch, double));
  return [first(rowPlaces(hu), frame.row), first(columnPlaces(hu), frame.column)];
}

const HEAD: Preprocessing = {
  name: 'head',
  floorHu: -20,
  ceilingHu: 100,
  crops: true,
  // Clipped first: images that stop at -20 and 100 HU and full-range DICOM then give the same input, bit by bit
  prepare: (hu, frame, side) => {
    const clipped = aboveFloor(cast(hu, 'float32'), HEAD);
    const rowMatrix = areaMatrix(rowPlaces(hu), frame.row, side);
    return resampleBy(clipped, rowMatrix, areaMatrix(columnPlaces(hu), frame.column, side));
  },
  channels: (prepared) => headChannels(prepared, (low, high) => rangeChannel(prepared, HEAD, low, high)),
};

export const PREPROCESSING: Readonly<Record<PreprocessingName, Preprocessing>> = Object.freeze({
  paper: PAPER,
  head: HEAD,
});

/** HU clipped to the row's range, counted from its floor: air is 0. */
export const aboveFloor = (
  hu: Value,
  { floorHu, ceilingHu }: Pick<Preprocessing, 'floorHu' | 'ceilingHu'>,
): Value => subtract(clip(hu, floorHu, ceilingHu), floorHu);

/** A channel [slices, 1, side, side]: the range low to high HU as 0 to 1. */
function rangeChannel(prepared: Value, { floorHu }: Preprocessing, lowHu: number, highHu: number): Value {
  const scaled = divide(subtract(prepared, lowHu - floorHu), highHu - lowHu);
  return unsqueeze(clip(scaled, 0, 1), 1);
}

/** Where the slices are cropped, found from their own HU; for the paper's row the whole slice. */
export function findFrame(hu: Value, preprocessing: Preprocessing): { frame: Frame; profiles?: Value } {
  if (!preprocessing.crops) return { frame: wholeFrame(hu) };
  const profiles = headProfiles(
    aboveFloor(cast(hu, 'float32'), preprocessing),
    rowPlaces(hu),
    columnPlaces(hu),
  );
  return { frame: headFrame(profiles, sizeOf(hu, [1]), sizeOf(hu, [2])), profiles };
}

function wholeFrame(hu: Value): Frame {
  const zero = multiply(sizeOf(hu, [1]), 0);
  return frameFromValues([zero, sizeOf(hu, [1]), zero, sizeOf(hu, [2])]);
}

/** The same map for each slice, or one a slice: applied to prepared images before the channels are made. */
export const asImages = (prepared: Value): Value => unsqueeze(prepared, 1);
export const asSlices = (images: Value): Value =>
  reshape(images, [at(images.shape, 0), at(images.shape, 2), at(images.shape, 3)]);
