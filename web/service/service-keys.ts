import { click } from '../by-id.ts';
import type { KeyAction } from '../study/actions.ts';
import { WORDS } from '../words.ts';

/** What stands around every page of the service; a key does what a click on it does, where it is there. */
const AROUND = [
  { id: 'administration', key: 'A', words: WORDS.admin.open },
  { id: 'news', key: 'N', words: WORDS.worklist.keys.news },
  { id: 'dismiss', key: 'X', words: WORDS.worklist.keys.dismiss },
  { id: 'undo', key: 'Z', words: WORDS.undo.key },
  { id: 'unkept', key: 'K', words: WORDS.unkept.keys.open },
  { id: 'dismiss-unkept', key: 'J', words: WORDS.unkept.keys.dismiss },
  { id: 'upload-note', key: 'C', words: WORDS.worklist.keys.uploadNote },
  { id: 'log-out', key: 'Q', words: WORDS.logOut },
] as const;
export type AroundId = (typeof AROUND)[number]['id'];

export const BACK_KEY: KeyAction = {
  keys: ['u', 'Escape'],
  words: WORDS.worklist.keys.back,
  run: () => {
    globalThis.location.hash = 'list';
  },
};

/** Where habit looks for it too. */
const ALSO: Partial<Record<AroundId, string>> = { undo: 'Ctrl+Z' };

export const SERVICE_KEYS: readonly KeyAction[] = AROUND.map(({ id, key, words }) => ({
  keys: [key, ...(ALSO[id] === undefined ? [] : [ALSO[id]])],
  words,
  run: click(id),
}));

/** On the list, where no picture has a use for n, it opens the news too. */
export const LIST_SERVICE_KEYS: readonly KeyAction[] = SERVICE_KEYS.map((row) =>
  row.keys.includes('N') ? { ...row, keys: ['n', ...row.keys] } : row,
);
