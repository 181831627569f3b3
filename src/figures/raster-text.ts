import hershey from 'hershey';
import { at } from '../base/index.ts';
import type { Raster, RgbColor } from './raster.ts';

/** Height of a capital in the font's units; a line with descenders takes 32. */
const CAPITAL_UNITS = 21;
const SUPPORTED = /[^A-Za-z0-9 .,:;!?"°$/()|\-+='#&\\_*[\]{}<>~%@]/gu;

/** A text wherever it is drawn. */
interface Lettering {
  readonly text: string;
  readonly align?: 'left' | 'center' | 'right';
  /** Height of a capital letter, px; default 11. */
  readonly capitalPx?: number;
}

export interface RasterText extends Lettering {
  /** Of the capitals' baseline, whole px. */
  readonly row: number;
  /** Left end, middle or right end of the text, after `align`, whole px. */
  readonly column: number;
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

/** Relative to the text's place, px. */
function segmentsOf({ text, align = 'left', capitalPx = 11 }: Lettering): Segment[] {
  const { bounds, paths } = hershey.stringToPaths(drawable(text));
  const scale = capitalPx / CAPITAL_UNITS;
  const shift = { left: bounds.minX, center: 0, right: bounds.maxX }[align];
  // the font's baseline lies at -9, y upwards
  const placed = ([x, y]: readonly [number, number]) => [(x - shift) * scale, -(y + 9) * scale] as const;
  return paths.flatMap((path) =>
    path.slice(1).map((point, i) => [...placed(at(path, i)), ...placed(point)] as const),
  );
}

/** Pixels from a row and a column on, up to the first row and column outside. */
interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** What lies within `reach` of segments. */
function boxAround(segments: readonly Segment[], reach: number): Box {
  let [top, left, bottom, right] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x0, y0, x1, y1] of segments) {
    top = Math.min(top, Math.floor(Math.min(y0, y1) - reach));
    left = Math.min(left, Math.floor(Math.min(x0, x1) - reach));
    bottom = Math.max(bottom, Math.ceil(Math.max(y0, y1) + reach) + 1);
    right = Math.max(right, Math.ceil(Math.max(x0, x1) + reach) + 1);
  }
  return segments.length > 0 ? { top, left, bottom, right } : { top: 0, left: 0, bottom: 0, right: 0 };
}

/** How far each pixel around a text is from the middle line of its nearest stroke, px; infinite out of reach. */
interface Strokes extends Box {
  readonly distances: Float64Array;
  /** Of a stroke, half its width. */
  readonly radius: number;
}

/** How much farther than the text its rim reaches, px. */
const RIM_PX = 1.2;

/** The nearest stroke counts: joints do not show. */
function strokesOf(lettering: Lettering): Strokes {
  const radius = Math.max(0.45, (lettering.capitalPx ?? 11) / 22);
  const reach = radius + RIM_PX + 1;
  const segments = segmentsOf(lettering);
  const whole = boxAround(segments, reach);
  const width = whole.right - whole.left;
  const squared = new Float64Array((whole.bottom - whole.top) * width).fill(Infinity);
  for (const segment of segments) {
    const { top, left, bottom, right } = boxAround([segment], reach);
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++) {
        const place = (row - whole.top) * width + column - whole.left;
        squared[place] = Math.min(squared[place] as number, squaredDistance(segment, column, row));
      }
  }
  return { ...whole, distances: squared.map(Math.sqrt), radius };
}

function squaredDistance([x0, y0, x1, y1]: Segment, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
  return (x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2;
}

/** Pictures of one study say the same again and again: the strokes of so many texts are kept. */
const MOST_KEPT = 32;
const kept = new Map<string, Strokes>();

function keptStrokes({ text, align = 'left', capitalPx = 11 }: Lettering): Strokes {
  const key = `${capitalPx} ${align} ${text}`;
  const strokes = kept.get(key) ?? strokesOf({ text, align, capitalPx });
  // The last used stands last
  kept.delete(key);
  kept.set(key, strokes);
  const [oldest = key] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest);
  return strokes;
}

/** Colours what strokes of this radius cover, by how much of each pixel they do; what sticks out is left away. */
function tint(
  raster: Raster,
  { row, column }: RasterText,
  { top, left, bottom, right, distances }: Strokes,
  radius: number,
  color: RgbColor,
): void {
  for (let y = Math.max(top, -row); y < Math.min(bottom, raster.rows - row); y++)
    for (let x = Math.max(left, -column); x < Math.min(right, raster.columns - column); x++) {
      const distance = distances[(y - top) * (right - left) + x - left] as number;
      const share = Math.min(1, radius + 0.5 - distance);
      if (share <= 0) continue;
      const place = 3 * ((row + y) * raster.columns + column + x);
      for (let k = 0; k < 3; k++)
        raster.rgb[place + k] =
          (raster.rgb[place + k] as number) * (1 - share) + (color[k] as number) * share;
    }
}

/** Draws a line of text into a raster, in place (Hershey's Roman Simplex, as on scanners' own pictures). */
export function drawText(raster: Raster, label: RasterText): void {
  const { color = [255, 255, 255], rim = true } = label;
  const strokes = keptStrokes(label);
  if (rim) tint(raster, label, strokes, strokes.radius + RIM_PX, [0, 0, 0]);
  tint(raster, label, strokes, strokes.radius, color);
}
