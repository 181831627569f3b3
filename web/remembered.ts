import { useEffect, useState } from 'react';

/** A choice of the reader, remembered where the browser remembers anything. */
export function useRemembered(key: string, start: string): readonly [string, (next: string) => void] {
  const [value, setValue] = useState(() => remembered(key) ?? start);
  useEffect(() => remember(key, value), [key, value]);
  return [value, setValue];
}

/** A browser may close its store to a page, or have it full, and throws then: a choice is not worth a fault. */
export function remembered(key: string): string | undefined {
  try {
    return globalThis.localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string): void {
  try {
    globalThis.localStorage.setItem(key, value);
  } catch {
    // As above: it is forgotten when the page is left
  }
}
