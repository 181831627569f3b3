import { expect, test } from 'vitest';
import { heatMapScaleFor } from './heat-map-colors.ts';
import { drawHeatMapLegend } from './heat-map-raster-legend.ts';
import { createRaster } from './raster.ts';

/** A map whose highest cell has so many times the even share, the rest spread evenly. */
const mapWithHighest = (times: number) => {
  const rest = (1 - times / 256) / 255;
  return Float32Array.from({ length: 256 }, (_, cell) => (cell === 100 ? times / 256 : rest));
};
const endOf = (...highest: number[]) => heatMapScaleFor(highest.map(mapWithHighest)).highestShare * 256;

test('a scale ends at the step nearest to the usual highest cell: one narrow map does not fade the others', () => {
  expect(endOf(8)).toBe(8);
  expect(endOf(11)).toBe(12);
  expect(endOf(10, 11, 12, 13, 200)).toBe(12);
  expect(endOf(256)).toBe(256);
});

test('maps without any importance do not count, and alone have a scale all the same', () => {
  const empty = new Float32Array(256);
  expect(heatMapScaleFor([empty, mapWithHighest(16), empty]).highestShare * 256).toBe(16);
  expect(heatMapScaleFor([empty]).highestShare * 256).toBe(4);
  expect(heatMapScaleFor([]).highestShare * 256).toBe(4);
});

test('the burned-in legend runs from grey to red', () => {
  const raster = createRaster(40, 600);
  drawHeatMapLegend(raster, { highestShare: 1 / 16 }, 30, 4);
  const redness = (column: number) => {
    const [red = 0, green = 0, blue = 0] = raster.rgb.subarray(3 * (25 * 600 + column));
    return red - (green + blue) / 2;
  };
  const reds = Array.from({ length: 300 }, (_, column) => redness(column));
  const reddest = reds.indexOf(Math.max(...reds));
  expect(reds[reddest]).toBeGreaterThan(100);
  expect(reds[reddest - 100]).toBeLessThan(60);
  expect(reds[reddest - 159]).toBeLessThan(5);
  expect(Math.max(...raster.rgb.subarray(3 * 25 * 600, 3 * 25 * 600 + 60))).toBeGreaterThan(200);
});
