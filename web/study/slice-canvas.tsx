import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { WORDS } from '../words.ts';
import type { PaintedSlice, Painter } from './painted-slice.ts';
import { openPainter } from './painter.ts';
import type { Rectangle, Size } from './placement.ts';

interface Props {
  readonly slice: PaintedSlice;
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
  const painter = useRef<Painter>(undefined);
  const density = globalThis.devicePixelRatio;
  // The first effect opens what the second paints with
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    painter.current = openPainter(element, mayUseGpu);
    element.dataset.painter = painter.current.kind;
    element.addEventListener('webglcontextlost', onLost);
    return () => {
      element.removeEventListener('webglcontextlost', onLost);
      painter.current?.close();
    };
  }, [mayUseGpu, onLost]);
  useEffect(() => {
    painter.current?.paint({ ...slice, at: scaled(slice.at, density) });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={Math.round(size.width * density)}
      height={Math.round(size.height * density)}
      style={size}
    />
  );
}

const scaled = ({ left, top, width, height }: Rectangle, by: number): Rectangle => ({
  left: left * by,
  top: top * by,
  width: width * by,
  height: height * by,
});
