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

interface Tap {
  readonly low: number;
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
  const columnTaps = [...tapsOf(frame.columnStart, frame.columnSize, columns)];
  const inside: number[] = [];
  for (const [row, rowTap] of tapsOf(frame.rowStart, frame.rowSize, rows)) {
    if (!reaches(map16, rowTap.low, least)) continue;
    for (const [column, columnTap] of columnTaps) {
      if (valueAt(map16, rowTap, columnTap) >= least) inside.push(row * columns + column);
    }
  }
  return inside;
}

/** Whether one of the two lines of cells between which a row lies does: between lower ones, no value can. */
function reaches(map16: Float32Array, line: number, least: number): boolean {
  const lines = map16.subarray(line * HEAT_MAP_CELLS, (line + 2) * HEAT_MAP_CELLS);
  return lines.some((value) => value >= least);
}

/** The two cells between which each pixel of a side lies; pixels outside the frame have none. */
function tapsOf(start: number, size: number, length: number): Map<number, Tap> {
  const taps = new Map<number, Tap>();
  for (let pixel = 0; pixel < length; pixel++) {
    const place = ((pixel + 0.5 - start) * HEAT_MAP_CELLS) / size;
    if (place < 0 || place > HEAT_MAP_CELLS) continue;
    const between = Math.min(HEAT_MAP_CELLS - 1, Math.max(0, place - 0.5));
    const low = Math.min(HEAT_MAP_CELLS - 2, Math.floor(between));
    taps.set(pixel, { low, share: between - low });
  }
  return taps;
}

function valueAt(map16: Float32Array, row: Tap, column: Tap): number {
  const along = (line: number) => {
    const first = line * HEAT_MAP_CELLS + column.low;
    return at(map16, first) * (1 - column.share) + at(map16, first + 1) * column.share;
  };
  return along(row.low) * (1 - row.share) + along(row.low + 1) * row.share;
}
