import { type RefObject, useEffect, useRef } from 'react';

/** Whether the part of the page is gone that asks: what it would say of an answer nobody sees. */
export function useIsLeft(): RefObject<boolean> {
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  return isLeft;
}
