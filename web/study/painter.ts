/** What draws a slice on a canvas: WebGL2 where there is one, else the canvas' own context. */
import { openCanvasPainter } from './canvas-painter.ts';
import type { Painter } from './painted-slice.ts';
import { openWebGlPainter } from './webgl-painter.ts';

/** Asks for WebGL2 unless it was lost before. */
export const openPainter = (canvas: OffscreenCanvas, mayUseGpu: boolean): Painter =>
  (mayUseGpu ? openWebGlPainter(canvas) : undefined) ?? openCanvasPainter(canvas);
