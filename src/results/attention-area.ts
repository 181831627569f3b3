import { at } from '../base/index.ts';
import { heatMapCells } from '../figures/index.ts';
import type { SliceFrame } from '../prediction/index.ts';

/** A pixel belongs to the area from this share of its slice's highest value on. */
export const AREA_SHARE = 0.5;

/**
 * A map whose highest value is below so many times its mean points nowhere, and gets no area. On phantoms, maps beside the
 * blood stay below 9 times, maps on it are above 14 times.
 */
export const LEAST_PEAK = 10;

/** A row's or a column's pixel between two cells, and how far it is toward the second. */
interface Tap {
  readonly pixel: number;
  readonly share: number;
}

/** The pixels of one slice, in order, whose map, bilinear between the cells' centres, reaches the share; maybe none. */
export function attentionArea(
  map: Float32Array,
  frame: SliceFrame,
  rows: number,
  columns: number,
): readonly number[] {
  const peak = map.reduce((most, value) => Math.max(most, value), 0);
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  if (peak === 0 || peak < LEAST_PEAK * mean) return [];
  const least = AREA_SHARE * peak;
  const cells = heatMapCells(map);
  const [rowTaps, columnTaps] = [
    tapsOf(cells, { start: frame.rowStart, size: frame.rowSize }, rows),
    tapsOf(cells, { start: frame.columnStart, size: frame.columnSize }, columns),
  ];
  const inside: number[] = [];
  for (const [line, across] of rowTaps) {
    const [above, below] = [lineOf(map, cells, line), lineOf(map, cells, line + 1)];
    // Between lower cells, no value can reach it
    if (Math.max(...above, ...below) < least) continue;
    for (const { pixel: row, share } of across) {
      const mixed = above.map((value, cell) => value * (1 - share) + at(below, cell) * share);
      for (const [cell, along] of columnTaps) {
        const [left, right] = [at(mixed, cell), at(mixed, cell + 1)];
        if (Math.max(left, right) < least) continue;
        for (const { pixel: column, share } of along)
          if (left * (1 - share) + right * share >= least) inside.push(row * columns + column);
      }
    }
  }
  return inside;
}

const lineOf = (map: Float32Array, cells: number, line: number): Float64Array =>
  Float64Array.from(map.subarray(line * cells, (line + 1) * cells));

/** A side's pixels by the first of the two cells between whose middles each lies; those outside the frame have none. */
function tapsOf(
  cells: number,
  { start, size }: { readonly start: number; readonly size: number },
  length: number,
): Map<number, Tap[]> {
  const taps: (Tap & { readonly low: number })[] = [];
  for (let pixel = 0; pixel < length; pixel++) {
    const place = ((pixel + 0.5 - start) * cells) / size;
    if (place < 0 || place > cells) continue;
    const between = Math.min(cells - 1, Math.max(0, place - 0.5));
    const low = Math.min(cells - 2, Math.floor(between));
    taps.push({ pixel, low, share: between - low });
  }
  return Map.groupBy(taps, ({ low }) => low);
}
