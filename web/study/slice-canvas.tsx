import { type ReactNode, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { WORDS } from '../words.ts';
import type { PaintedSlice, Painter } from './painted-slice.ts';
import type { Rectangle, Size } from './placement.ts';
import { openRemotePainter, type RemotePainter } from './remote-painter.ts';

interface Props {
  /** Undefined where there is no picture. */
  readonly slice: Omit<PaintedSlice, 'size'> | undefined;
  readonly size: Size;
  readonly label: string;
}

/** A canvas that keeps the context it was first asked for: after a lost graphics card there is a new canvas. */
export function SliceCanvas(props: Props): ReactNode {
  const [wasLost, setWasLost] = useState(false);
  const onLost = useCallback(() => setWasLost(true), []);
  return (
    <>
      <DrawnCanvas key={String(wasLost)} {...props} mayUseGpu={!wasLost} onLost={onLost} />
      {wasLost && (
        <p className="notice" role="status">
          {WORDS.study.graphicsLost}
        </p>
      )}
    </>
  );
}

function DrawnCanvas(props: Props & { mayUseGpu: boolean; onLost(): void }): ReactNode {
  const { slice, size, label, mayUseGpu, onLost } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<RemotePainter>(undefined);
  const [paintedBy, setPaintedBy] = useState<Painter['kind']>();
  const density = globalThis.devicePixelRatio;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const opened = openRemotePainter(element, mayUseGpu, {
      // Twice a picture: a state would draw the page anew each time
      onBusy: (isBusy) => element.setAttribute('aria-busy', String(isBusy)),
      onPainted: setPaintedBy,
      onLost,
    });
    painter.current = opened;
    return () => opened.close();
  }, [mayUseGpu, onLost]);
  useLayoutEffect(() => {
    if (slice === undefined) return;
    painter.current?.paint({
      ...slice,
      size: { width: Math.round(size.width * density), height: Math.round(size.height * density) },
      at: scaled(slice.at, density),
    });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-painter={paintedBy}
      style={{ ...size, ...(slice === undefined && { visibility: 'hidden' }) }}
    />
  );
}

const scaled = ({ left, top, width, height }: Rectangle, by: number): Rectangle => ({
  left: left * by,
  top: top * by,
  width: width * by,
  height: height * by,
});
