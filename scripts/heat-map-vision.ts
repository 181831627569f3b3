/** Draws docs/images/heat-map-vision.png: the map over a phantom, as four kinds of eyes see it. */
import { writeFile } from 'node:fs/promises';
import {
  colorHeatMap,
  createRaster,
  drawText,
  encodeRasterPng,
  heatMapScale,
  overlay,
  paste,
  rasterFromGrey,
} from '../src/figures/index.ts';
import { createPhantom } from '../src/phantom/index.ts';
import { applyDisplayWindow, BRAIN_WINDOW, sliceHu } from '../src/volume/index.ts';
import { seenAs, VISIONS, type Vision } from '../test/support/colour-vision.ts';

const SIDE = 320;
const CELLS = 16;
const phantom = createPhantom({
  seed: 4,
  bleeds: [{ subtype: 'intraparenchymal', volumeMl: 35 }],
  side: SIDE,
});
const shown = phantom.bleeds[0]?.slices ?? [];
const slice = shown[Math.floor(shown.length / 2)] ?? 0;
const grey = applyDisplayWindow(sliceHu(phantom.volume, slice), BRAIN_WINDOW);
const picture = overlay(rasterFromGrey(grey, SIDE, SIDE), colorHeatMap(mapOfBleed(), SIDE, SIDE));

const sheet = createRaster(SIDE, SIDE * Object.keys(VISIONS).length);
for (const [i, vision] of (Object.keys(VISIONS) as Vision[]).entries()) {
  const rgb = Uint8ClampedArray.from(picture.rgb);
  for (let at = 0; at < rgb.length; at += 3)
    rgb.set(seenAs([rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0], vision), at);
  paste(sheet, { ...picture, rgb }, 0, i * SIDE);
  drawText(sheet, { text: vision, row: 20, column: i * SIDE + 8, capitalPx: 12 });
}
await writeFile(new URL('../docs/images/heat-map-vision.png', import.meta.url), encodeRasterPng(sheet));

/** Every colour of the scale: the share of a cell falls with its distance from the bleed. */
function mapOfBleed(): Float32Array {
  const cell = SIDE / CELLS;
  const mask = phantom.mask.subarray(slice * SIDE * SIDE, (slice + 1) * SIDE * SIDE);
  let [row, column, pixels] = [0, 0, 0];
  for (const [i, is] of mask.entries()) {
    if (is === 0) continue;
    row += Math.floor(i / SIDE);
    column += i % SIDE;
    pixels++;
  }
  const [middleRow, middleColumn] = [row / pixels / cell - 0.5, column / pixels / cell - 0.5];
  return Float32Array.from({ length: CELLS ** 2 }, (_, i) => {
    const distance = Math.hypot(Math.floor(i / CELLS) - middleRow, (i % CELLS) - middleColumn);
    return heatMapScale(CELLS).highestShare * Math.min(1, 1.25 * Math.exp(-((distance / 3.2) ** 2)));
  });
}
