import type { FromPainter, PaintedSlice, Painter, ToPainter } from './painted-slice.ts';

interface Listener {
  /** Whether the canvas shows something else than what was asked for last. */
  onBusy(isBusy: boolean): void;
  onPainted(by: Painter['kind']): void;
  onLost(): void;
}

export interface RemotePainter {
  paint(slice: PaintedSlice): void;
  close(): void;
}

/** The worker that paints on a canvas. It is asked for one slice at a time: of several that come meanwhile the last is painted. */
export function openRemotePainter(
  element: HTMLCanvasElement,
  mayUseGpu: boolean,
  { onBusy, onPainted, onLost }: Listener,
): RemotePainter {
  const worker = new Worker(new URL('./paint-worker.ts', import.meta.url), { type: 'module' });
  const ask = (message: ToPainter, move: Transferable[] = []): void => worker.postMessage(message, move);
  const canvas = element.transferControlToOffscreen();
  ask({ kind: 'canvas', canvas, mayUseGpu }, [canvas]);
  let isPainting = false;
  let next: PaintedSlice | undefined;
  let sent: Int16Array | undefined;
  const send = ({ hu, map, ...slice }: PaintedSlice): void => {
    // Copies: a view would take the memory of the whole series along
    const copy = hu === sent ? undefined : hu.slice();
    const asked = { ...slice, ...(map && { map: { ...map, shares: map.shares.slice() } }) };
    ask({ kind: 'paint', slice: asked, ...(copy && { hu: copy }) }, copy ? [copy.buffer] : []);
    sent = hu;
    isPainting = true;
    next = undefined;
  };
  worker.addEventListener('message', ({ data }: MessageEvent<FromPainter>) => {
    if (data.kind === 'lost') return onLost();
    isPainting = false;
    if (next !== undefined) send(next);
    else onBusy(false);
    onPainted(data.by);
  });
  // Its script did not load
  worker.addEventListener('error', onLost);
  return {
    paint: (slice) => {
      onBusy(true);
      if (isPainting) next = slice;
      else send(slice);
    },
    close: () => worker.terminate(),
  };
}
