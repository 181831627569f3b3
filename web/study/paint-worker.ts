/**
 * Paints away from the page: a driver without a graphics card takes tens of milliseconds for a slice, and whoever wants its
 * pixels on the screen waits for them.
 */
import type { FromPainter, Painter, ToPainter } from './painted-slice.ts';
import { openPainter } from './painter.ts';

const say = (answer: FromPainter): void => globalThis.postMessage(answer);

let painter: Painter | undefined;
let hu: Int16Array = new Int16Array();

function open({ canvas, mayUseGpu }: Extract<ToPainter, { kind: 'canvas' }>): void {
  canvas.addEventListener('webglcontextlost', () => say({ kind: 'lost' }));
  painter = openPainter(canvas, mayUseGpu);
}

function paint(asked: Extract<ToPainter, { kind: 'paint' }>): void {
  if (painter === undefined) return;
  hu = asked.hu ?? hu;
  painter.paint({ ...asked.slice, hu });
  const { kind: by } = painter;
  // The browser takes the picture when this task has ended
  setTimeout(() => say({ kind: 'painted', by }));
}

globalThis.addEventListener('message', ({ data }: MessageEvent<ToPainter>) => {
  try {
    if (data.kind === 'canvas') open(data);
    else paint(data);
  } catch (thrown) {
    say({ kind: 'lost' });
    throw thrown;
  }
});
