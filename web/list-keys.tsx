import type { ReactNode } from 'react';
import { type KeyAction, rowOf } from './study/actions.ts';
import { KeysDialog } from './study/keys-dialog.tsx';
import { THEME_KEYS } from './theme-choice.tsx';
import { useKeys } from './use-keys.ts';

/** Does what the keys say, and lists them under `?`. */
export function ListKeys({ actions }: { actions: readonly KeyAction[] }): ReactNode {
  useKeys((event) => {
    const action = rowOf(actions, event);
    if (action === undefined) return;
    event.preventDefault();
    action.run();
  });
  return <KeysDialog rows={[...actions, ...THEME_KEYS]} />;
}
