import { expect, test } from 'vitest';
import { colorHeatMap, heatMapCells, heatMapOpacity, heatMapScale, sliceHeatMap } from './heat-map-colors.ts';
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
    heatMapScale(16),
    heatMapOpacity(probability),
  );
  expect(full[3]).toBe(184);
  expect([...faded.subarray(0, 4)]).toEqual([...full.subarray(0, 3), Math.round(184 * share)]);
});

test('full red is 48 times the even share, in every study', () => {
  expect(heatMapScale(16).highestShare).toBe(48 / 256);
  expect(heatMapScale(20).highestShare).toBe(48 / 400);
});

test('a bleed looks the same on maps of 16 x 16 and of 20 x 20 cells', () => {
  const drawn = [16, 20].map((cells) => {
    // A quarter of the slice, evenly
    const map = Float32Array.from({ length: cells ** 2 }, (_, i) =>
      Math.floor(i / cells) < cells / 2 && i % cells < cells / 2 ? 4 / cells ** 2 : 0,
    );
    return colorHeatMap(map, 80, 80);
  });
  const [coarse, fine] = drawn as [Uint8ClampedArray, Uint8ClampedArray];
  const colorAt = (of: Uint8ClampedArray, row: number, column: number) => [
    ...of.subarray(4 * (80 * row + column), 4 * (80 * row + column) + 4),
  ];
  for (const [row, column] of [
    [0, 0],
    [20, 30],
    [70, 10],
  ] as const)
    expect(colorAt(fine, row, column)).toEqual(colorAt(coarse, row, column));
  expect(colorAt(fine, 20, 30)[3]).toBeGreaterThan(0);
});

test('cells are told from the shares, and what is no square is refused', () => {
  const maps = Float32Array.from({ length: 3 * 400 }, (_, i) => Math.floor(i / 400));
  const second = sliceHeatMap(maps, 3, 1);
  expect([heatMapCells(second), new Set(second)]).toEqual([20, new Set([1])]);
  expect(() => heatMapCells(maps)).toThrow('a heat map is a square of cells, not 1200 of them');
});

test('the burned-in legend runs from grey to red', () => {
  const raster = createRaster(40, 600);
  drawHeatMapLegend(raster, { cells: 16, highestShare: 1 / 16 }, 30, 4);
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
