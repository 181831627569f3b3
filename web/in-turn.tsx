import { Fragment, type ReactNode, startTransition, useEffect, useState } from 'react';

/**
 * Its parts are drawn for the first time one after the other, each in a frame of its own: a page that draws all at once does not
 * answer meanwhile.
 */
export function InTurn({ children: parts }: { readonly children: readonly ReactNode[] }): ReactNode {
  const [drawn, setDrawn] = useState(1);
  useEffect(() => {
    if (drawn >= parts.length) return undefined;
    const frame = requestAnimationFrame(() => startTransition(() => setDrawn(drawn + 1)));
    return () => cancelAnimationFrame(frame);
  }, [drawn, parts.length]);
  return parts.slice(0, drawn).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts stay in their order
    <Fragment key={i}>{part}</Fragment>
  ));
}
