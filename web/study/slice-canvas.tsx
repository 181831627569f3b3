import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { WORDS } from '../words.ts';
import type { PaintedSlice, Painter } from './painted-slice.ts';
import { openPainter } from './painter.ts';
import type { Rectangle, Size } from './placement.ts';

interface Props {
  /** Undefined where there is no picture. */
  readonly slice: PaintedSlice | undefined;
  readonly size: Size;
  readonly label: string;
}

/** A canvas that keeps the context it was first asked for: after a lost graphics card there is a new canvas. */
export function SliceCanvas(props: Props): ReactNode {
  const [losses, setLosses] = useState(0);
  const onLost = useCallback(() => setLosses((before) => before + 1), []);
  return (
    <>
      <DrawnCanvas key={losses} {...props} mayUseGpu={losses === 0} onLost={onLost} />
      {losses > 0 && (
        <p className="notice" role="status">
          {WORDS.study.graphicsLost}
        </p>
      )}
    </>
  );
}

/** Of WebGL2, and of the canvas' own context where a card helps it. */
const LOSSES = ['webglcontextlost', 'contextlost'];

function DrawnCanvas(props: Props & { mayUseGpu: boolean; onLost(): void }): ReactNode {
  const { slice, size, label, mayUseGpu, onLost } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painter, setPainter] = useState<Painter>();
  const density = globalThis.devicePixelRatio;
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const opening = openPainter(element, mayUseGpu);
    let isOpen = true;
    opening.then(
      (opened) => isOpen && setPainter(opened),
      () => isOpen && onLost(),
    );
    for (const loss of LOSSES) element.addEventListener(loss, onLost);
    return () => {
      isOpen = false;
      for (const loss of LOSSES) element.removeEventListener(loss, onLost);
      opening.then(
        (opened) => opened.close(),
        () => {},
      );
    };
  }, [mayUseGpu, onLost]);
  // Painted in the frame that says so
  useLayoutEffect(() => {
    if (slice !== undefined) painter?.paint({ ...slice, at: scaled(slice.at, density) });
  });
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-painter={painter?.kind}
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
