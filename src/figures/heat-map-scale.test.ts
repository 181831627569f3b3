import { expect, test } from 'vitest';
import { colorHeatMap, HEAT_MAP_SCALE, heatMapOpacity } from './heat-map-colors.ts';
import { drawHeatMapLegend } from './heat-map-raster-legend.ts';
import { createRaster } from './raster.ts';

test.each([
  [0.0999, 0],
  [0.1, 0.1],
  [0.5, 0.5],
  [1, 1],
])('a slice of probability %f has a map %f as strong as the scale says', (probability, share) => {
  expect(heatMapOpacity(probability)).toBe(share);
  const full = colorHeatMap(new Float32Array(256).fill(1), 16, 16);
  const faded = colorHeatMap(
    new Float32Array(256).fill(1),
    16,
    16,
    HEAT_MAP_SCALE,
    heatMapOpacity(probability),
  );
  expect(full[3]).toBe(184);
  expect([...faded.subarray(0, 4)]).toEqual([...full.subarray(0, 3), Math.round(184 * share)]);
});

test('full red is 48 times the even share, in every study', () => {
  expect(HEAT_MAP_SCALE.highestShare).toBe(48 / 256);
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
