import {
  drawHeatMapLegend,
  drawText,
  encodeRasterPng,
  type HeatMapScale,
  heatMapScaleFor,
  type Raster,
} from '../figures/index.ts';
import { sliceEdges, type Volume } from '../volume/index.ts';
import type { ReportInput } from './report-input.ts';
import { heatMapOf, slicePictures } from './slice-pictures.ts';
import { hasSliceProbabilities, mostSuspiciousSlices, sliceProbability } from './suspicious-slices.ts';
import { probabilityText } from './wording.ts';

/** Longest side of a key image, px. */
const KEY_IMAGE_PX = 768;
const MARGIN = 10;
/** What keyImages calls its files. */
export const KEY_IMAGE_NAME = /^slice-\d{3,}(-heat-map)?\.png$/;

/** Burns the sides, the slice and its probability, and what the picture may be used for, into a picture. */
function labelled(raster: Raster, volume: Volume, lines: readonly string[]): Raster {
  const edges = sliceEdges(volume.geometry);
  const middle = Math.round(raster.rows / 2);
  if (edges) {
    drawText(raster, { text: edges.left, row: middle, column: MARGIN, capitalPx: 14 });
    drawText(raster, {
      text: edges.right,
      row: middle,
      column: raster.columns - MARGIN,
      align: 'right',
      capitalPx: 14,
    });
  }
  lines.forEach((text, i) => {
    drawText(raster, { text, row: 22 + 20 * i, column: MARGIN });
  });
  const use = 'Ichor. Research use only. Not for diagnostic use.';
  drawText(raster, { text: use, row: raster.rows - MARGIN, column: MARGIN, capitalPx: 9 });
  return raster;
}

/** The colour scale above the line that says what the picture may be used for. */
function withLegend(raster: Raster, scale: HeatMapScale): Raster {
  drawHeatMapLegend(raster, scale, raster.rows - MARGIN - 20, MARGIN);
  return raster;
}

/**
 * PNG key images of the most suspicious slices, by file name: `slice-014.png` in the brain window and
 * `slice-014-heat-map.png`. Sides, probability and scale are burned in, no identity ever.
 */
export function keyImages(input: ReportInput): Record<string, Uint8Array> {
  const { prediction, volume, heatMaps } = input;
  const shown = mostSuspiciousSlices(prediction);
  const maps = heatMaps?.anyHemorrhage;
  const heat = maps && {
    heatMaps: maps,
    scale: heatMapScaleFor(shown.map((slice) => heatMapOf(maps, slice))),
    ...(input.frame && { frame: input.frame }),
  };
  const texts = { Software: `${prediction.software.name} ${prediction.software.version}` };
  return Object.fromEntries(
    shown.flatMap((slice) => {
      const name = `slice-${String(slice + 1).padStart(3, '0')}`;
      const lines = [
        `slice ${slice + 1} of ${volume.slices}, brain window`,
        ...(hasSliceProbabilities(prediction)
          ? [`any hemorrhage ${probabilityText(sliceProbability(prediction, slice))}`]
          : []),
      ];
      const { plain, withHeatMap } = slicePictures(volume, slice, KEY_IMAGE_PX, heat);
      const pictures: [string, Uint8Array][] = [];
      if (withHeatMap && heat) {
        const picture = withLegend(labelled(withHeatMap, volume, lines), heat.scale);
        pictures.push([`${name}-heat-map.png`, encodeRasterPng(picture, texts)]);
      }
      return [[`${name}.png`, encodeRasterPng(labelled(plain, volume, lines), texts)], ...pictures];
    }),
  );
}
