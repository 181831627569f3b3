import hershey from 'hershey';
import { at } from '../base/index.ts';
import type { Raster, RgbColor } from './raster.ts';

/** Height of a capital in the font's units; a line with descenders takes 32. */
const CAPITAL_UNITS = 21;
const SUPPORTED = /[^A-Za-z0-9 .,:;!?"°$/()|\-+='#&\\_*[\]{}<>~%@]/gu;

export interface RasterText {
  readonly text: string;
  /** Of the capitals' baseline, px. */
  readonly row: number;
  /** Left end, middle or right end of the text, after `align`, px. */
  readonly column: number;
  readonly align?: 'left' | 'center' | 'right';
  /** Height of a capital letter, px; default 11. */
  readonly capitalPx?: number;
  readonly color?: RgbColor;
  /** Draws a dark rim, so that the text can be read on any picture; default true. */
  readonly rim?: boolean;
}

/** Width of a text in px at this height of capitals. */
export function rasterTextWidth(text: string, capitalPx = 11): number {
  const { bounds } = hershey.stringToPaths(drawable(text));
  return ((bounds.maxX - bounds.minX) * capitalPx) / CAPITAL_UNITS;
}

/** What the font cannot draw becomes a question mark: nothing vanishes unseen. */
function drawable(text: string): string {
  return text.replace(SUPPORTED, '?');
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

function segmentsOf({ text, row, column, align = 'left', capitalPx = 11 }: RasterText): Segment[] {
  const { bounds, paths } = hershey.stringToPaths(drawable(text));
  const scale = capitalPx / CAPITAL_UNITS;
  const shift = { left: bounds.minX, center: 0, right: bounds.maxX }[align];
  // the font's baseline lies at -9, y upwards
  const placed = ([x, y]: readonly [number, number]) =>
    [column + (x - shift) * scale, row - (y + 9) * scale] as const;
  return paths.flatMap((path) =>
    path.slice(1).map((point, i) => [...placed(at(path, i)), ...placed(point)] as const),
  );
}

/** How much of a pixel a round stroke of this radius covers, from the distance to its middle line. */
const coverage = (distance: number, radius: number) => Math.min(1, Math.max(0, radius + 0.5 - distance));

function distanceTo([x0, y0, x1, y1]: Segment, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}

/** Each pixel's largest coverage by any of the strokes: joints do not show. */
function strokeMask(segments: readonly Segment[], radius: number, raster: Raster): Map<number, number> {
  const mask = new Map<number, number>();
  const reach = radius + 1;
  for (const segment of segments) {
    const [x0, y0, x1, y1] = segment;
    const rowEnd = Math.min(raster.rows - 1, Math.ceil(Math.max(y0, y1) + reach));
    const columnEnd = Math.min(raster.columns - 1, Math.ceil(Math.max(x0, x1) + reach));
    for (let row = Math.max(0, Math.floor(Math.min(y0, y1) - reach)); row <= rowEnd; row++)
      for (let column = Math.max(0, Math.floor(Math.min(x0, x1) - reach)); column <= columnEnd; column++) {
        const share = coverage(distanceTo(segment, column, row), radius);
        const place = row * raster.columns + column;
        if (share > (mask.get(place) ?? 0)) mask.set(place, share);
      }
  }
  return mask;
}

function tint(raster: Raster, mask: ReadonlyMap<number, number>, color: RgbColor): void {
  for (const [pixel, share] of mask)
    for (let k = 0; k < 3; k++) {
      const place = 3 * pixel + k;
      raster.rgb[place] = at(raster.rgb, place) * (1 - share) + at(color, k) * share;
    }
}

/** Draws a line of text into a raster, in place (Hershey's Roman Simplex, as on scanners' own pictures). */
export function drawText(raster: Raster, label: RasterText): void {
  const { capitalPx = 11, color = [255, 255, 255], rim = true } = label;
  const segments = segmentsOf(label);
  const radius = Math.max(0.45, capitalPx / 22);
  if (rim) tint(raster, strokeMask(segments, radius + 1.2, raster), [0, 0, 0]);
  tint(raster, strokeMask(segments, radius, raster), color);
}
