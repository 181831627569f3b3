import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
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
  const [painter, setPainter] = useState<Painter>();
  const density = globalThis.devicePixelRatio;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const opened = openPainter(element, mayUseGpu);
    let isOpen = true;
    opened.ready.then(
      () => isOpen && setPainter(opened),
      () => isOpen && onLost(),
    );
    element.addEventListener('webglcontextlost', onLost);
    return () => {
      isOpen = false;
      element.removeEventListener('webglcontextlost', onLost);
      opened.close();
    };
  }, [mayUseGpu, onLost]);
  // Painted in the frame that says so
  useLayoutEffect(() => {
    painter?.paint({ ...slice, at: scaled(slice.at, density) });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-painter={painter?.kind}
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
