/** One picture of numbers, row-major. */
export interface Image {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** Pixels that belong to something: 1, else 0. */
export interface PixelMask {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

/**
 * The lengths of insertions count pixels of a slice of 256 x 256 that a head fills, of about 0.8 mm; of a finer one so many
 * pixels are one of these.
 */
export const pixelUnit = ({ columns }: Pick<Image, 'columns'>): number => columns / 256;

type Size = { readonly rows: number; readonly columns: number };

/** An image whose pixels are computed one by one. */
export function imageOf({ rows, columns }: Size, value: (index: number) => number): Image {
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return { rows, columns, data };
}

export function maskOf({ rows, columns }: Size, holds: (index: number) => boolean): PixelMask {
  const data = new Uint8Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = holds(i) ? 1 : 0;
  return { rows, columns, data };
}

export function countPixels({ data }: PixelMask): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) count += data[i] as number;
  return count;
}

/** Gaussian smoothing, the border repeated; `sigma` in pixels. */
export function smooth(image: Image, sigma: number): Image {
  const kernel = gaussian(sigma);
  const across = convolve(image.data, image.columns, image.rows, 1, image.columns, kernel);
  const data = convolve(across, image.rows, image.columns, image.columns, 1, kernel);
  return { ...image, data };
}

/** Weights of a Gaussian out to three deviations; their sum is 1. */
export function gaussian(sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** One axis: `length` pixels `step` apart, on each of `lines` lines `stride` apart. */
function convolve(
  from: Float32Array,
  length: number,
  lines: number,
  step: number,
  stride: number,
  kernel: Float32Array,
): Float32Array {
  const to = new Float32Array(from.length);
  const reach = (kernel.length - 1) / 2;
  const nearBorder = (i: number, start: number): number => {
    let sum = 0;
    for (let k = -reach; k <= reach; k++) {
      const j = Math.min(length - 1, Math.max(0, i + k));
      sum += (kernel[k + reach] as number) * (from[start + j * step] as number);
    }
    return sum;
  };
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let i = 0; i < length; i++) {
      const at = start + i * step;
      if (i < reach || i >= length - reach) {
        to[at] = nearBorder(i, start);
        continue;
      }
      let sum = 0;
      for (let k = 0, j = at - reach * step; k < kernel.length; k++, j += step)
        sum += (kernel[k] as number) * (from[j] as number);
      to[at] = sum;
    }
  }
  return to;
}

/** 0 below 0, 1 above 1, smooth between. */
export function rising(x: number): number {
  const t = Math.min(1, Math.max(0, x));
  return t * t * (3 - 2 * t);
}
