import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Size } from './placement.ts';

/** The size of an element as it changes, whole CSS pixels: what is drawn in it is not scaled afterwards. */
export function useSize<E extends Element>(): readonly [RefObject<E | null>, Size] {
  const element = useRef<E>(null);
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setSize({ width: Math.max(1, Math.floor(width)), height: Math.max(1, Math.floor(height)) });
    });
    if (element.current !== null) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}
