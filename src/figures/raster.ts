/** An 8-bit colour picture, rows x columns x 3, row-major. */
export interface Raster {
  readonly rows: number;
  readonly columns: number;
  readonly rgb: Uint8ClampedArray;
}

export type RgbColor = readonly [red: number, green: number, blue: number];

export function createRaster(
  rows: number,
  columns: number,
  [red, green, blue]: RgbColor = [0, 0, 0],
): Raster {
  const rgb = new Uint8ClampedArray(3 * rows * columns);
  // New memory is black
  if (red === 0 && green === 0 && blue === 0) return { rows, columns, rgb };
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = red;
    rgb[i + 1] = green;
    rgb[i + 2] = blue;
  }
  return { rows, columns, rgb };
}

/** Grey values, rows x columns, as a colour picture. */
export function rasterFromGrey(grey: ArrayLike<number>, rows: number, columns: number): Raster {
  const rgb = new Uint8ClampedArray(3 * rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    const value = grey[i] as number;
    rgb[3 * i] = value;
    rgb[3 * i + 1] = value;
    rgb[3 * i + 2] = value;
  }
  return { rows, columns, rgb };
}

/** Where a picture lies in a raster; it may stick out. */
export interface RasterPlace {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
}

/** Lays an RGBA picture over its place in a raster, all of it unless given; what sticks out is left away. A new raster. */
export function overlay(
  below: Raster,
  rgba: ArrayLike<number>,
  { top, left, rows, columns }: RasterPlace = { ...below, top: 0, left: 0 },
): Raster {
  const rgb = below.rgb.slice();
  const [firstColumn, endColumn] = [Math.max(0, -left), Math.min(columns, below.columns - left)];
  for (let row = Math.max(0, -top); row < Math.min(rows, below.rows - top); row++)
    for (let column = firstColumn; column < endColumn; column++) {
      const over = 4 * (row * columns + column);
      const share = (rgba[over + 3] as number) / 255;
      if (share === 0) continue;
      const under = 3 * ((top + row) * below.columns + left + column);
      for (let k = 0; k < 3; k++)
        rgb[under + k] = (rgb[under + k] as number) * (1 - share) + (rgba[over + k] as number) * share;
    }
  return { ...below, rgb };
}

/** Copies a picture into `target` with its first row and column at (row, column); what sticks out is left away. */
export function paste(target: Raster, picture: Raster, row: number, column: number): void {
  const width = Math.min(picture.columns, target.columns - column);
  for (let r = 0; r < picture.rows && row + r < target.rows; r++) {
    const from = 3 * r * picture.columns;
    target.rgb.set(picture.rgb.subarray(from, from + 3 * width), 3 * ((row + r) * target.columns + column));
  }
}

/** Bilinear change of size, pixel areas matched; when it shrinks, each pixel is the mean of what it covers. */
export function resizeRaster(picture: Raster, rows: number, columns: number): Raster {
  if (rows === picture.rows && columns === picture.columns) return picture;
  const along = resizeColumns(picture.rgb, picture.rows, picture.columns, columns);
  return { rows, columns, rgb: resizeRows(along, columns, resizeTaps(picture.rows, rows)) };
}

/** Each row on its own: rows x columns x 3 to rows x `to` x 3, not yet rounded. */
function resizeColumns(rgb: Uint8ClampedArray, rows: number, columns: number, to: number): Float32Array {
  const taps = resizeTaps(columns, to);
  const out = new Float32Array(rows * to * 3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < to; column++) {
      const at = 3 * (row * to + column);
      for (const [c, share] of taps[column] as Taps)
        for (let k = 0; k < 3; k++)
          out[at + k] = (out[at + k] as number) + share * (rgb[3 * (row * columns + c) + k] as number);
    }
  return out;
}

/** Whole rows mixed by their shares. */
function resizeRows(rgb: Float32Array, columns: number, taps: readonly Taps[]): Uint8ClampedArray {
  const width = 3 * columns;
  const out = new Uint8ClampedArray(taps.length * width);
  const mixed = new Float32Array(width);
  taps.forEach((shares, row) => {
    mixed.fill(0);
    for (const [r, share] of shares)
      for (let i = 0; i < width; i++)
        mixed[i] = (mixed[i] as number) + share * (rgb[r * width + i] as number);
    out.set(mixed, row * width);
  });
  return out;
}

type Taps = readonly (readonly [index: number, share: number])[];

/** Triangle filter, as wide as a source or a target pixel, whichever is larger. */
function resizeTaps(from: number, to: number): Taps[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale - 0.5;
    const shares = new Map<number, number>();
    for (let at = Math.ceil(center - radius); at <= center + radius; at++) {
      const share = 1 - Math.abs(at - center) / radius;
      const index = Math.min(from - 1, Math.max(0, at));
      if (share > 0) shares.set(index, (shares.get(index) ?? 0) + share);
    }
    const total = [...shares.values()].reduce((a, b) => a + b);
    return [...shares].map(([index, share]) => [index, share / total] as const);
  });
}

export interface MontageOptions {
  readonly columns: number;
  /** Between and around the pictures, px; default 6. */
  readonly gapPx?: number;
  readonly background?: RgbColor;
}

/** Pictures of one size in rows from left to right, with a border around each; a new raster. */
export function montage(pictures: readonly Raster[], options: MontageOptions): Raster {
  const [first] = pictures;
  if (!first) throw new RangeError('a montage needs at least one picture');
  const { columns, gapPx = 6, background = [0, 0, 0] } = options;
  const lines = Math.ceil(pictures.length / columns);
  const width = Math.min(columns, pictures.length);
  const [stepRows, stepColumns] = [first.rows + gapPx, first.columns + gapPx];
  const sheet = createRaster(lines * stepRows + gapPx, width * stepColumns + gapPx, background);
  pictures.forEach((picture, i) => {
    paste(sheet, picture, gapPx + Math.floor(i / columns) * stepRows, gapPx + (i % columns) * stepColumns);
  });
  return sheet;
}
