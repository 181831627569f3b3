import { at, HEMORRHAGE_CLASSES } from '../../base/index.ts';
import { IMAGE_SIDE, MAP_SIDE } from '../../network/index.ts';

const CLASSES = HEMORRHAGE_CLASSES.length;
const CELL = IMAGE_SIDE / MAP_SIDE;
const CELLS = MAP_SIDE ** 2;
/** Bytes of one slice: a cell of the last maps for each class. */
export const SLICE_CELL_BYTES = CLASSES * CELLS;
export const CELLS_SHAPE = [CLASSES, MAP_SIDE, MAP_SIDE] as const;
/** A cell with so many pixels of blood, about 10 mm2, bleeds for sure; with fewer it bleeds by their share. */
const SURE_PIXELS = 16;

/**
 * Where there is blood, by cells of the CNN's last maps: [slices, 6, 16, 16], 0 to 255 for none to sure, in the order of
 * HEMORRHAGE_CLASSES.
 * @param mask [slices, 256, 256]: 0, or a subtype's place in HEMORRHAGE_CLASSES
 * @param map where each place of the transformed slice comes from, [2, 3]; see affineGrid
 */
export function bleedCells(mask: Uint8Array, map: readonly number[]): Uint8Array {
  const area = IMAGE_SIDE ** 2;
  const slices = mask.length / area;
  const sources = sourcesOf(map);
  const cells = new Uint8Array(slices * SLICE_CELL_BYTES);
  const pixels = new Uint16Array(SLICE_CELL_BYTES);
  for (let slice = 0; slice < slices; slice++) {
    const own = mask.subarray(slice * area, (slice + 1) * area);
    if (!own.some((value) => value > 0)) continue;
    pixels.fill(0);
    for (let to = 0; to < area; to++) {
      const value = own[at(sources, to)] ?? 0;
      if (value > 0) count(pixels, value, to);
    }
    for (const [i, found] of pixels.entries())
      cells[slice * SLICE_CELL_BYTES + i] = Math.round(255 * Math.min(1, found / SURE_PIXELS));
  }
  return cells;
}

/** A pixel of a subtype counts for any hemorrhage too. */
function count(pixels: Uint16Array, subtype: number, pixel: number): void {
  const [row, column] = [Math.floor(pixel / IMAGE_SIDE), pixel % IMAGE_SIDE];
  const cell = Math.floor(row / CELL) * MAP_SIDE + Math.floor(column / CELL);
  for (const place of [0, subtype]) pixels[place * CELLS + cell] = at(pixels, place * CELLS + cell) + 1;
}

/** The pixel that each pixel of the transformed slice comes from; beyond the slice lies pixel -1. */
function sourcesOf(map: readonly number[]): Int32Array {
  const [xx, xy, x0, yx, yy, y0] = map as readonly [number, number, number, number, number, number];
  const centre = (i: number): number => (2 * i + 1) / IMAGE_SIDE - 1;
  const pixel = (place: number): number => Math.floor(((place + 1) * IMAGE_SIDE) / 2);
  const sources = new Int32Array(IMAGE_SIDE ** 2).fill(-1);
  for (let row = 0; row < IMAGE_SIDE; row++)
    for (let column = 0; column < IMAGE_SIDE; column++) {
      const [x, y] = [centre(column), centre(row)];
      const from = [pixel(yx * x + yy * y + y0), pixel(xx * x + xy * y + x0)] as const;
      if (from.every((i) => i >= 0 && i < IMAGE_SIDE))
        sources[row * IMAGE_SIDE + column] = from[0] * IMAGE_SIDE + from[1];
    }
  return sources;
}
