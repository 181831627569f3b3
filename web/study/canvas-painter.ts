import { colorHeatMap } from '../../src/figures/index.ts';
import { applyDisplayWindow } from '../../src/volume/index.ts';
import type { PaintedMap, PaintedSlice, Painter } from './painted-slice.ts';

/** Draws without a graphics card: the slice's own pixels windowed here, scaled by the browser. */
export function openCanvasPainter(canvas: OffscreenCanvas): Painter {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws neither by WebGL2 nor on a canvas');
  const picture = new OffscreenCanvas(1, 1);
  const overlay = new OffscreenCanvas(1, 1);
  return {
    kind: 'canvas',
    paint: (slice) => {
      const { at } = slice;
      Object.assign(canvas, slice.size);
      context.imageSmoothingEnabled = slice.isSmooth;
      context.imageSmoothingQuality = 'high';
      context.fillRect(0, 0, slice.size.width, slice.size.height);
      put(picture, greyPixels(slice), slice.rows, slice.columns);
      context.drawImage(picture, at.left, at.top, at.width, at.height);
      if (slice.map === undefined) return;
      const { frame } = slice.map;
      put(overlay, mapPixels(slice.map), frame.height, frame.width);
      const [perRow, perColumn] = [at.height / slice.rows, at.width / slice.columns];
      const [left, top] = [at.left + frame.left * perColumn, at.top + frame.top * perRow];
      context.drawImage(overlay, left, top, frame.width * perColumn, frame.height * perRow);
    },
  };
}

function put(
  onto: OffscreenCanvas,
  rgba: Uint8ClampedArray<ArrayBuffer>,
  rows: number,
  columns: number,
): void {
  Object.assign(onto, { width: columns, height: rows });
  onto.getContext('2d')?.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

function greyPixels({ hu, centerHu, widthHu }: PaintedSlice): Uint8ClampedArray<ArrayBuffer> {
  const grey = applyDisplayWindow(hu, { name: 'shown', centerHu, widthHu });
  const rgba = new Uint8ClampedArray(4 * grey.length);
  for (const [i, value] of grey.entries()) rgba.fill(value, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
  return rgba;
}

const mapPixels = ({ shares, frame, opacity }: PaintedMap): Uint8ClampedArray<ArrayBuffer> =>
  new Uint8ClampedArray(colorHeatMap(shares, frame.height, frame.width, undefined, opacity));
