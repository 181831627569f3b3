import { encode } from 'fast-png';
import { base64 } from '../base/index.ts';
import type { Raster } from './raster.ts';

/** Text chunks of a PNG file: `Software`, `Comment`. Latin letters only. */
export type PngTexts = Readonly<Record<string, string>>;

function encodePng(data: Uint8Array | Uint8ClampedArray, rows: number, columns: number, texts?: PngTexts) {
  const channels = data.length / (rows * columns);
  if (![1, 3, 4].includes(channels))
    throw new RangeError(`${data.length} bytes are not a grey, RGB or RGBA picture of ${rows} x ${columns}`);
  const text = texts ? { text: { ...texts } } : {};
  return encode({ width: columns, height: rows, data, channels, depth: 8, ...text }, { zlib: { level: 6 } });
}

/** An 8-bit grey picture, rows x columns, as a PNG file. */
export function encodeGreyPng(
  grey: Uint8Array | Uint8ClampedArray,
  rows: number,
  columns: number,
): Uint8Array {
  return encodePng(grey, rows, columns);
}

/** An RGBA picture, rows x columns x 4, as a PNG file. */
export function encodeRgbaPng(
  rgba: Uint8Array | Uint8ClampedArray,
  rows: number,
  columns: number,
): Uint8Array {
  return encodePng(rgba, rows, columns);
}

/** A colour picture as a PNG file. */
export function encodeRasterPng(raster: Raster, texts?: PngTexts): Uint8Array {
  return encodePng(raster.rgb, raster.rows, raster.columns, texts);
}

/** A PNG file as a `data:` address, for pages that ask nobody for anything. */
export function pngDataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${base64(png)}`;
}
