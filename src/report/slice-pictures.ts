import type { HeatMapScale, Raster } from '../figures/index.ts';
import { colorHeatMap, HEAT_MAP_CELLS, overlay, rasterFromGrey, resizeRaster } from '../figures/index.ts';
import type { SliceFrame } from '../prediction/index.ts';
import { applyDisplayWindow, BRAIN_WINDOW, sliceHu, type Volume } from '../volume/index.ts';

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

export function plainPicture(volume: Volume, slice: number, sidePx: number): Raster {
  const grey = applyDisplayWindow(sliceHu(volume, slice), BRAIN_WINDOW);
  return resizeRaster(rasterFromGrey(grey, volume.rows, volume.columns), ...pictureSize(volume, sidePx));
}

/** The 16 x 16 map of one slice out of slices x 256 values: a view. */
export function heatMapOf(heatMaps: Float32Array, slice: number): Float32Array {
  const cells = HEAT_MAP_CELLS ** 2;
  return heatMaps.subarray(slice * cells, (slice + 1) * cells);
}

export function slicePictures(
  volume: Volume,
  slice: number,
  sidePx: number,
  heat?: { readonly heatMaps: Float32Array; readonly scale: HeatMapScale; readonly frame?: SliceFrame },
): SlicePictures {
  const plain = plainPicture(volume, slice, sidePx);
  if (heat === undefined) return { plain };
  const colors = framedColors(heatMapOf(heat.heatMaps, slice), plain, heat.scale, heat.frame, volume);
  return { plain, withHeatMap: overlay(plain, colors) };
}

/** A map's colours at the place of its frame in the picture; transparent around it. */
function framedColors(
  map16: Float32Array,
  { rows, columns }: Raster,
  scale: HeatMapScale,
  frame: SliceFrame | undefined,
  volume: Volume,
): Uint8ClampedArray {
  if (frame === undefined) return colorHeatMap(map16, rows, columns, scale);
  const [perRow, perColumn] = [rows / volume.rows, columns / volume.columns];
  const top = Math.round(frame.rowStart * perRow);
  const left = Math.round(frame.columnStart * perColumn);
  const [height, width] = [Math.round(frame.rowSize * perRow), Math.round(frame.columnSize * perColumn)];
  const inside = colorHeatMap(map16, height, width, scale);
  const colors = new Uint8ClampedArray(4 * rows * columns);
  for (let row = Math.max(0, -top); row < height && top + row < rows; row++) {
    const from = Math.max(0, -left);
    const to = Math.min(width, columns - left);
    const line = inside.subarray(4 * (row * width + from), 4 * (row * width + to));
    colors.set(line, 4 * ((top + row) * columns + left + from));
  }
  return colors;
}
