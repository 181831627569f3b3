import { HEMORRHAGE_CLASSES } from '../../base/index.ts';
import {
  CNN_PLANS,
  IMAGE_SIDE,
  imageSideOf,
  MOBILENET_SETTINGS,
  mapSideOf,
  rowsUpTo,
} from '../../network/index.ts';
import type { Recipe } from './recipe.ts';

/** The sizes of one slice on its way through the recipe's CNN. */
export interface SliceGrid {
  /** Of prepared slices, pixels. */
  readonly side: number;
  /** What the recipe's numbers count in: a pixel of a slice of 256 x 256, about 0.8 mm of a head, in pixels of this side. */
  readonly unit: number;
  /** Maps after the last frozen convolution. */
  readonly mapShape: readonly [channels: number, rows: number, columns: number];
  readonly mapBytes: number;
  /** A cell of the last maps for each class. */
  readonly cellsShape: readonly [classes: number, rows: number, columns: number];
  readonly cellBytes: number;
}

export function sliceGridOf({ imageSide, lastFrozen }: Pick<Recipe, 'imageSide' | 'lastFrozen'>): SliceGrid {
  const { cnn } = MOBILENET_SETTINGS;
  const rows = rowsUpTo(cnn, lastFrozen);
  const [side, cellSide] = [imageSideOf({ imageSide }), mapSideOf({ imageSide })];
  const mapSide = rows.reduce((size, { stride }) => size / stride, side);
  const channels = rows.at(-1)?.outChannels ?? CNN_PLANS[cnn].mapChannels;
  return {
    side,
    unit: side / IMAGE_SIDE,
    mapShape: [channels, mapSide, mapSide],
    mapBytes: channels * mapSide ** 2,
    cellsShape: [HEMORRHAGE_CLASSES.length, cellSide, cellSide],
    cellBytes: HEMORRHAGE_CLASSES.length * cellSide ** 2,
  };
}
