import type { ReactNode } from 'react';
import { ListKeys } from '../list-keys.tsx';
import { type KeyAction, keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { BACK_KEY, SERVICE_KEYS } from './service-keys.ts';

interface Props {
  /** Of what is told. */
  readonly keys?: readonly KeyAction[];
  readonly children: ReactNode;
}

/** What is told in place of pictures or of a table, and the way back; the keys that it shows are at work. */
export function Told({ keys = [], children }: Props): ReactNode {
  return (
    <main className="told">
      {children}
      <Back />
      <ListKeys actions={[...keys, BACK_KEY, ...SERVICE_KEYS]} />
    </main>
  );
}

export const Back = (): ReactNode => (
  <p>
    <a href="#list" {...keyed('u')}>
      {WORDS.worklist.back}
    </a>
  </p>
);
