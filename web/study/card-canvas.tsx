import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SliceCanvasProps } from './painted-slice.ts';
import type { Rectangle } from './placement.ts';
import { openWebGlPainter, type Painter } from './webgl-painter.ts';

/** As large as the window, drawn by a graphics card. */
export function CardCanvas({ slice, size, label, onLost }: SliceCanvasProps & { onLost(): void }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painter, setPainter] = useState<Painter>();
  const density = globalThis.devicePixelRatio;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const opening = openWebGlPainter(element);
    let isOpen = true;
    opening.then(
      (opened) => isOpen && setPainter(opened),
      () => isOpen && onLost(),
    );
    element.addEventListener('webglcontextlost', onLost);
    return () => {
      isOpen = false;
      element.removeEventListener('webglcontextlost', onLost);
      opening.then(
        (opened) => opened.close(),
        () => {},
      );
    };
  }, [onLost]);
  // Painted in the frame that says so
  useLayoutEffect(() => {
    if (slice !== undefined) painter?.paint({ ...slice, at: scaled(slice.at, density) });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-painter={painter && 'webgl2'}
      width={Math.round(size.width * density)}
      height={Math.round(size.height * density)}
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
