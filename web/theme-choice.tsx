import { type ReactNode, useEffect, useState } from 'react';
import { WORDS } from './words.ts';

type Theme = keyof typeof WORDS.theme;
const KEY = 'ichor-theme';

/** Dark for reading rooms, and light; remembered where the browser remembers anything. */
export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState<Theme>(() => (remembered() === 'light' ? 'light' : 'dark'));
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember(theme);
  }, [theme]);
  return (
    <button type="button" onClick={() => setTheme(other)}>
      {WORDS.theme[other]}
    </button>
  );
}

/** A browser may close its store to a page, and throws then: the theme is not worth a fault. */
function remembered(): string | undefined {
  try {
    return globalThis.localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(theme: Theme): void {
  try {
    globalThis.localStorage.setItem(KEY, theme);
  } catch {
    // As above: it is dark again next time
  }
}
