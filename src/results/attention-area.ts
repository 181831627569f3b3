import { at } from '../base/index.ts';
import { HEAT_MAP_CELLS } from '../figures/index.ts';
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
  map16: Float32Array,
  frame: SliceFrame,
  rows: number,
  columns: number,
): readonly number[] {
  const peak = map16.reduce((most, value) => Math.max(most, value), 0);
  const mean = map16.reduce((sum, value) => sum + value, 0) / map16.length;
  if (peak === 0 || peak < LEAST_PEAK * mean) return [];
  const least = AREA_SHARE * peak;
  const [rowTaps, columnTaps] = [
    tapsOf(frame.rowStart, frame.rowSize, rows),
    tapsOf(frame.columnStart, frame.columnSize, columns),
  ];
  const inside: number[] = [];
  for (const [line, across] of rowTaps) {
    const [above, below] = [lineOf(map16, line), lineOf(map16, line + 1)];
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

const lineOf = (map16: Float32Array, line: number): Float64Array =>
  Float64Array.from(map16.subarray(line * HEAT_MAP_CELLS, (line + 1) * HEAT_MAP_CELLS));

/** A side's pixels by the first of the two cells between whose middles each lies; those outside the frame have none. */
function tapsOf(start: number, size: number, length: number): Map<number, Tap[]> {
  const taps: (Tap & { readonly low: number })[] = [];
  for (let pixel = 0; pixel < length; pixel++) {
    const place = ((pixel + 0.5 - start) * HEAT_MAP_CELLS) / size;
    if (place < 0 || place > HEAT_MAP_CELLS) continue;
    const between = Math.min(HEAT_MAP_CELLS - 1, Math.max(0, place - 0.5));
    const low = Math.min(HEAT_MAP_CELLS - 2, Math.floor(between));
    taps.push({ pixel, low, share: between - low });
  }
  return Map.groupBy(taps, ({ low }) => low);
}
