/** What pictures hold, read back from their PNG files. */
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { drawnIn } from './drawn-fixture.ts';
import { colorHeatMap, heatMapColor } from './heat-map-colors.ts';
import { heatMapLegend } from './heat-map-legend.ts';
import { encodeGreyPng, encodeRasterPng, encodeRgbaPng, pngDataUrl } from './png.ts';
import { createRaster, montage, overlay, type Raster, rasterFromGrey, resizeRaster } from './raster.ts';
import { drawText, rasterTextWidth } from './raster-text.ts';

const pixel = ({ rgb, columns }: Raster, row: number, column: number): number[] => [
  ...rgb.subarray(3 * (row * columns + column), 3 * (row * columns + column) + 3),
];

test('grey, colour and transparency survive the file, texts too', () => {
  const grey = Uint8Array.of(0, 1, 127, 128, 254, 255);
  expect(decode(encodeGreyPng(grey, 2, 3))).toMatchObject({ width: 3, height: 2, channels: 1, data: grey });
  const rgba = Uint8Array.from({ length: 16 }, (_, i) => 16 * i);
  expect(decode(encodeRgbaPng(rgba, 2, 2))).toMatchObject({ channels: 4, data: rgba });
  const raster = createRaster(1, 2, [10, 20, 30]);
  const colour = decode(encodeRasterPng(raster, { Software: 'Ichor' }));
  expect([...colour.data]).toEqual([10, 20, 30, 10, 20, 30]);
  expect(colour.text).toEqual({ Software: 'Ichor' });
  expect(() => encodeGreyPng(grey, 2, 2)).toThrow('6 bytes are not a grey, RGB or RGBA picture of 2 x 2');
});

test('a data address holds the file, however long', () => {
  const png = encodeGreyPng(
    Uint8Array.from({ length: 90_000 }, (_, i) => (i * 7919) % 251),
    300,
    300,
  );
  const address = pngDataUrl(png);
  expect(address).toBe(`data:image/png;base64,${Buffer.from(png).toString('base64')}`);
});

test('an overlay mixes by its transparency', () => {
  const below = rasterFromGrey([100, 100], 1, 2);
  const over = overlay(below, [200, 0, 0, 255, 200, 0, 50, 51]);
  expect([...over.rgb]).toEqual([200, 0, 0, 120, 80, 90]);
  const place = { top: 0, left: 1, rows: 2, columns: 2 };
  const apart = overlay(below, [200, 0, 0, 255, ...new Array(12).fill(9)], place);
  expect([...apart.rgb]).toEqual([100, 100, 100, 200, 0, 0]);
});

test('a picture twice as large is bilinear, half as large the mean of what a pixel covers', () => {
  const wide = resizeRaster(rasterFromGrey([0, 100], 1, 2), 1, 4);
  expect(Array.from({ length: 4 }, (_, i) => at(pixel(wide, 0, i), 0))).toEqual([0, 25, 75, 100]);
  const flat = resizeRaster(rasterFromGrey(new Array(64).fill(77), 8, 8), 3, 5);
  expect(new Set(flat.rgb)).toEqual(new Set([77]));
});

test('a montage lays pictures out in rows with a border around each', () => {
  const pictures = [10, 20, 30].map((value) => rasterFromGrey([value, value], 1, 2));
  const sheet = montage(pictures, { columns: 2, gapPx: 1, background: [1, 2, 3] });
  expect([sheet.rows, sheet.columns]).toEqual([5, 7]);
  const reds = Array.from({ length: 5 }, (_, row) =>
    Array.from({ length: 7 }, (_, column) => at(pixel(sheet, row, column), 0)),
  );
  expect(reds).toEqual([
    [1, 1, 1, 1, 1, 1, 1],
    [1, 10, 10, 1, 20, 20, 1],
    [1, 1, 1, 1, 1, 1, 1],
    [1, 30, 30, 1, 1, 1, 1],
    [1, 1, 1, 1, 1, 1, 1],
  ]);
});

/** First and last row and column that hold something bright. */
function extentOf(raster: Raster): number[] {
  const bright = Array.from({ length: raster.rows * raster.columns }, (_, i) => i).filter(
    (i) => (raster.rgb[3 * i] ?? 0) > 128,
  );
  const rows = bright.map((i) => Math.floor(i / raster.columns));
  const columns = bright.map((i) => i % raster.columns);
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
}

test.each(['left', 'center', 'right'] as const)(
  'a capital stands on its line, as high as asked, %s of its place',
  (align) => {
    const raster = createRaster(60, 80);
    drawText(raster, { text: 'H', row: 50, column: 40, align, capitalPx: 20 });
    const [top = 0, bottom = 0, left = 0, right = 0] = extentOf(raster);
    expect([top, bottom]).toEqual([30, 50]);
    const width = rasterTextWidth('H', 20);
    const start = 40 - { left: 0, center: width / 2, right: width }[align];
    expect(left).toBeGreaterThanOrEqual(Math.floor(start));
    expect(right).toBeLessThanOrEqual(Math.ceil(start + width));
  },
);

test('a heat map is transparent at zero, red from the end of its scale on, and brightest where its cell is', () => {
  const map = new Float32Array(256);
  map[3 * 16 + 5] = 1;
  const rgba = colorHeatMap(map, 16, 16, { cells: 16, highestShare: 0.5 });
  const colorAt = (cell: number) => [...rgba.subarray(4 * cell, 4 * cell + 4)];
  expect(colorAt(3 * 16 + 5)).toEqual([...heatMapColor(1)]);
  expect(colorAt(0)[3]).toBe(0);
  expect(heatMapColor(0)[3]).toBe(0);
});

test('the legend runs through the colours of the map from 0 to the end of the scale', () => {
  const drawn = drawnIn(heatMapLegend({ cells: 16, highestShare: 0.25 }));
  const rectangles = drawn.filter(({ attributes }) => attributes['fill-opacity'] !== undefined);
  const places = rectangles.map(({ attributes }) => Number(attributes.x));
  expect([places.length, places[0], at(places, 49) + Number(rectangles[49]?.attributes.width)]).toEqual([
    50, 70, 220,
  ]);
  for (const [i, { attributes }] of rectangles.entries()) {
    const [red, green, blue, alpha] = heatMapColor((i + 0.5) / 50);
    expect([attributes.fill, attributes['fill-opacity']]).toEqual([
      `rgb(${red},${green},${blue})`,
      (alpha / 255).toFixed(3),
    ]);
  }
  const texts = drawn.filter(({ text }) => text !== '').map(({ text, attributes }) => [text, attributes.x]);
  expect(texts).toEqual(
    expect.arrayContaining([
      ['low: 0', '70'],
      ['high: 25 % or more', '220'],
    ]),
  );
});
