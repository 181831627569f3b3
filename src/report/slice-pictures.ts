import type { Raster, RasterPlace } from '../figures/index.ts';
import {
  colorHeatMap,
  FAINTEST_PROBABILITY,
  heatMapOpacity,
  overlay,
  rasterFromGrey,
  resizeRaster,
  sliceHeatMap,
} from '../figures/index.ts';
import type { SliceFrame } from '../prediction/index.ts';
import {
  applyDisplayWindow,
  BRAIN_WINDOW,
  type DisplayWindow,
  SUBDURAL_WINDOW,
  sliceHu,
  type Volume,
} from '../volume/index.ts';
import type { ReportInput } from './report-input.ts';
import { sliceProbability } from './suspicious-slices.ts';

/** A slice in the brain window, with and without its heat map; square pixels, longest side as asked. */
export interface SlicePictures {
  readonly plain: Raster;
  /** Absent where the slice has no heat map. */
  readonly withHeatMap?: Raster;
}

/** Rows and columns of the picture: as wide and high as the patient is, in mm. */
function pictureSize(volume: Volume, sidePx: number): readonly [rows: number, columns: number] {
  const { pixelSpacingMm } = volume.geometry;
  const heightMm = volume.rows * pixelSpacingMm.row;
  const widthMm = volume.columns * pixelSpacingMm.column;
  const pxPerMm = sidePx / Math.max(heightMm, widthMm);
  return [Math.max(1, Math.round(heightMm * pxPerMm)), Math.max(1, Math.round(widthMm * pxPerMm))];
}

function windowed(volume: Volume, slice: number, sidePx: number, displayWindow: DisplayWindow): Raster {
  const grey = applyDisplayWindow(sliceHu(volume, slice), displayWindow);
  return resizeRaster(rasterFromGrey(grey, volume.rows, volume.columns), ...pictureSize(volume, sidePx));
}

/** The map of one class on a slice, and how it is drawn. */
export interface Heat {
  readonly heatMap: Float32Array;
  readonly frame?: SliceFrame;
  /** Of the slice, from 0 (the map is not drawn) to 1. */
  readonly opacity?: number;
}

/** How a slice's map of any hemorrhage is drawn; undefined where no maps were computed. */
export function sliceHeat(
  { heatMaps, frame, prediction, volume }: ReportInput,
  slice: number,
): Heat | undefined {
  const maps = heatMaps?.anyHemorrhage;
  if (maps === undefined) return undefined;
  const opacity = heatMapOpacity(sliceProbability(prediction, slice));
  return { heatMap: sliceHeatMap(maps, volume.slices, slice), opacity, ...(frame && { frame }) };
}

/** Why a slice shows no heat map although maps were computed; undefined where it shows one. */
export function whyNoHeatMap({ heatMap, opacity }: Heat): string | undefined {
  if (opacity === 0) return `no heat map: the slice's probability is below ${FAINTEST_PROBABILITY}`;
  return heatMap.every((share) => share === 0)
    ? 'heat map empty: no place in this slice speaks for hemorrhage; the slices beside it may'
    : undefined;
}

/** The same slice in the subdural window. */
export const subduralPicture = (volume: Volume, slice: number, sidePx: number): Raster =>
  windowed(volume, slice, sidePx, SUBDURAL_WINDOW);

export function slicePictures(volume: Volume, slice: number, sidePx: number, heat?: Heat): SlicePictures {
  const plain = windowed(volume, slice, sidePx, BRAIN_WINDOW);
  if (heat === undefined || heat.opacity === 0) return { plain };
  const { heatMap, frame, opacity } = heat;
  const place = placeOf(frame, plain, volume);
  const colors = colorHeatMap(heatMap, place.rows, place.columns, undefined, opacity);
  return { plain, withHeatMap: overlay(plain, colors, place) };
}

/** Where a map's frame lies in a slice's picture; all over it without one. */
function placeOf(frame: SliceFrame | undefined, { rows, columns }: Raster, volume: Volume): RasterPlace {
  if (frame === undefined) return { top: 0, left: 0, rows, columns };
  const [perRow, perColumn] = [rows / volume.rows, columns / volume.columns];
  return {
    top: Math.round(frame.rowStart * perRow),
    left: Math.round(frame.columnStart * perColumn),
    rows: Math.round(frame.rowSize * perRow),
    columns: Math.round(frame.columnSize * perColumn),
  };
}
