import { type ReactNode, useEffect } from 'react';
import { useRemembered } from './remembered.ts';
import { keyed, rowOf } from './study/actions.ts';
import { useKeys } from './use-keys.ts';
import { WORDS } from './words.ts';

/** For the list of keys. */
export const THEME_KEYS = [{ keys: ['t'], words: WORDS.theme.change }];

/** Dark for reading rooms, and light. */
export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useRemembered('ichor-theme', 'dark');
  const other = theme === 'light' ? 'dark' : 'light';
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useKeys((event) => {
    if (rowOf(THEME_KEYS, event) !== undefined) setTheme(other);
  });
  return (
    <button type="button" {...keyed('t')} onClick={() => setTheme(other)}>
      {WORDS.theme[other]}
    </button>
  );
}
