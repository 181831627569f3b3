import { at } from '../../base/index.ts';
import type { SliceGrid } from './slice-grid.ts';

/** A cell with so many pixels of blood, of a slice of 256 x 256, about 10 mm2, bleeds for sure; with fewer it bleeds by their share. */
const SURE_PIXELS = 16;

/**
 * Where there is blood, by cells of the CNN's last maps: [slices, 6, side, side], 0 to 255 for none to sure, in the order of
 * HEMORRHAGE_CLASSES.
 * @param mask [slices, side, side]: 0, or a subtype's place in HEMORRHAGE_CLASSES
 * @param map where each place of the transformed slice comes from, [2, 3]; see affineGrid
 */
export function bleedCells(mask: Uint8Array, map: readonly number[], grid: SliceGrid): Uint8Array {
  const { side, unit, cellBytes } = grid;
  const area = side ** 2;
  const slices = mask.length / area;
  const sources = sourcesOf(map, side);
  const cells = new Uint8Array(slices * cellBytes);
  const pixels = new Uint16Array(cellBytes);
  const sure = SURE_PIXELS * unit ** 2;
  for (let slice = 0; slice < slices; slice++) {
    const own = mask.subarray(slice * area, (slice + 1) * area);
    if (!own.some((value) => value > 0)) continue;
    pixels.fill(0);
    for (let to = 0; to < area; to++) {
      const value = own[at(sources, to)] ?? 0;
      if (value > 0) count(pixels, value, to, grid);
    }
    for (const [i, found] of pixels.entries())
      cells[slice * cellBytes + i] = Math.round(255 * Math.min(1, found / sure));
  }
  return cells;
}

/** A pixel of a subtype counts for any hemorrhage too. */
function count(
  pixels: Uint16Array,
  subtype: number,
  pixel: number,
  { side, cellsShape: [, rows, columns] }: SliceGrid,
): void {
  const [row, column] = [Math.floor(pixel / side), pixel % side];
  const cell = Math.floor((row * rows) / side) * columns + Math.floor((column * columns) / side);
  for (const place of [0, subtype]) {
    const counted = place * rows * columns + cell;
    pixels[counted] = at(pixels, counted) + 1;
  }
}

/** The pixel that each pixel of the transformed slice comes from; beyond the slice lies pixel -1. */
function sourcesOf(map: readonly number[], side: number): Int32Array {
  const [xx, xy, x0, yx, yy, y0] = map as readonly [number, number, number, number, number, number];
  const centre = (i: number): number => (2 * i + 1) / side - 1;
  const pixel = (place: number): number => Math.floor(((place + 1) * side) / 2);
  const sources = new Int32Array(side ** 2).fill(-1);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = [centre(column), centre(row)];
      const from = [pixel(yx * x + yy * y + y0), pixel(xx * x + xy * y + x0)] as const;
      if (from.every((i) => i >= 0 && i < side)) sources[row * side + column] = from[0] * side + from[1];
    }
  return sources;
}
