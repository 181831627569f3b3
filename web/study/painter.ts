/** What draws a slice on a canvas: WebGL2 where a graphics card computes it, else the canvas' own context. */
import { openCanvasPainter } from './canvas-painter.ts';
import { hasGraphicsCard } from './graphics-card.ts';
import type { Painter } from './painted-slice.ts';
import { openWebGlPainter } from './webgl-painter.ts';

/** Asks for WebGL2 unless it was lost before. Throws where the driver takes none of our shaders. */
export async function openPainter(canvas: HTMLCanvasElement, mayUseGpu: boolean): Promise<Painter> {
  const onCard = mayUseGpu && (await hasGraphicsCard()) ? await openWebGlPainter(canvas) : undefined;
  return onCard ?? (await openCanvasPainter(canvas));
}
