import {
  createRaster,
  drawHeatMapLegend,
  drawText,
  encodeRasterPng,
  heatMapCells,
  heatMapScale,
  paste,
  type Raster,
} from '../figures/index.ts';
import { BRAIN_WINDOW, sliceEdges, type Volume } from '../volume/index.ts';
import type { ReportInput } from './report-input.ts';
import { type Heat, sliceHeat, slicePictures, whyNoHeatMap } from './slice-pictures.ts';
import { hasSliceProbabilities, mostSuspiciousSlices, sliceProbability } from './suspicious-slices.ts';
import { millimetres, probabilityText } from './wording.ts';

/** Longest side of the slice in a key image, px. */
const KEY_IMAGE_PX = 768;
/** Bands above and below the slice, px: the head covers no text, and no text the head. */
const BANDS = { above: 52, below: 50 };
const MARGIN = 10;
/** What keyImages calls its files. */
export const KEY_IMAGE_NAME = /^slice-\d{3,}(-heat-map)?\.png$/;

const USE = 'Ichor. Research use only. Not for diagnostic use.';

/** The slice between two bands: above, what it is; below, what it may be used for; at its edges, the patient's sides. */
function labelled(slice: Raster, volume: Volume, lines: readonly string[]): Raster {
  const raster = createRaster(slice.rows + BANDS.above + BANDS.below, slice.columns);
  paste(raster, slice, BANDS.above, 0);
  drawSides(raster, slice, volume);
  for (const [i, text] of lines.entries()) drawText(raster, { text, row: 20 + 21 * i, column: MARGIN });
  drawText(raster, { text: USE, row: raster.rows - MARGIN, column: MARGIN, capitalPx: 9 });
  return raster;
}

function drawSides(raster: Raster, slice: Raster, { geometry }: Volume): void {
  const edges = sliceEdges(geometry);
  if (edges === undefined) return;
  const [middle, centre] = [BANDS.above + Math.round(slice.rows / 2), Math.round(slice.columns / 2)];
  const marks = [
    { text: edges.left, row: middle, column: MARGIN, align: 'left' },
    { text: edges.right, row: middle, column: raster.columns - MARGIN, align: 'right' },
    { text: edges.top, row: BANDS.above + 22, column: centre, align: 'center' },
    { text: edges.bottom, row: BANDS.above + slice.rows - 8, column: centre, align: 'center' },
  ] as const;
  for (const mark of marks) drawText(raster, { ...mark, capitalPx: 14 });
}

/** The colour scale above the line that says what the picture may be used for. */
function withLegend(raster: Raster, { heatMap }: Heat): Raster {
  drawHeatMapLegend(raster, heatMapScale(heatMapCells(heatMap)), raster.rows - MARGIN - 20, MARGIN);
  return raster;
}

/** `slice 14 of 32 at 65.0 mm, brain window 0 to 80 HU`, and the slice's probability. */
function linesOf({ prediction, volume }: ReportInput, slice: number): string[] {
  const { name, centerHu, widthHu } = BRAIN_WINDOW;
  const range = `${centerHu - widthHu / 2} to ${centerHu + widthHu / 2} HU`;
  const position = millimetres(prediction.slices[slice]?.positionMm ?? 0).replace('\u2212', '-');
  const place = `slice ${slice + 1} of ${volume.slices} at ${position}, ${name} window ${range}`;
  return hasSliceProbabilities(prediction)
    ? [place, `any hemorrhage ${probabilityText(sliceProbability(prediction, slice))}`]
    : [place];
}

/** One key image: a slice in the brain window, or with its heat map; all that must be read with it is burned in. */
export interface KeyImage {
  /** Index of the slice, from inferior. */
  readonly slice: number;
  readonly isHeatMap: boolean;
  /** `slice-014`, `slice-014-heat-map` */
  readonly name: string;
  readonly raster: Raster;
}

/**
 * The most suspicious slices in the brain window and, where its heat map is drawn, each with it. Sides, place, window,
 * probability, use and scale are burned in, no identity ever.
 */
export function drawKeyImages(input: ReportInput, sidePx = KEY_IMAGE_PX): KeyImage[] {
  const { prediction, volume } = input;
  return mostSuspiciousSlices(prediction).flatMap((slice) => {
    const name = `slice-${String(slice + 1).padStart(3, '0')}`;
    const lines = linesOf(input, slice);
    const heat = sliceHeat(input, slice);
    const { plain, withHeatMap } = slicePictures(volume, slice, sidePx, heat);
    const image = { slice, isHeatMap: false, name, raster: labelled(plain, volume, lines) };
    if (!withHeatMap || !heat || whyNoHeatMap(heat) !== undefined) return [image];
    const raster = withLegend(labelled(withHeatMap, volume, lines), heat);
    return [image, { slice, isHeatMap: true, name: `${name}-heat-map`, raster }];
  });
}

/** The key images as PNG files, by name: `slice-014.png`, `slice-014-heat-map.png`. */
export function keyImages(input: ReportInput): Record<string, Uint8Array> {
  const { software } = input.prediction;
  const texts = { Software: `${software.name} ${software.version}` };
  return Object.fromEntries(
    drawKeyImages(input).map(({ name, raster }) => [`${name}.png`, encodeRasterPng(raster, texts)]),
  );
}
