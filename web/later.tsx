import { type ReactNode, useDeferredValue } from 'react';

/** Drawn for the first time after what stands beside it, in pieces: a page that draws all at once does not answer meanwhile. */
export function Later({ children }: { readonly children: ReactNode }): ReactNode {
  const isItsTurn = useDeferredValue(true, false);
  return isItsTurn && children;
}
