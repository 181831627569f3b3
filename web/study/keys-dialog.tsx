import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../use-keys.ts';
import { WORDS } from '../words.ts';
import { type KeyRow, keyText, leaveField, rowOf } from './actions.ts';

const OPENING: readonly KeyRow[] = [{ keys: ['?'], words: WORDS.keys.thisList }];
const LEAVING: readonly KeyRow[] = [{ keys: ['Escape'], words: WORDS.keys.leave }];

interface Props {
  readonly rows: readonly KeyRow[];
  readonly habits?: readonly (readonly [gesture: string, words: string])[];
}

/** All keys and gestures; `?` opens it, Escape closes it. */
export function KeysDialog({ rows, habits = [] }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const onClose = (): void => setOpen(false);
  useKeys((event) => {
    leaveField(event);
    if (rowOf(OPENING, event) !== undefined) setOpen(true);
  });
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={WORDS.keys.title}>
      <div className="dialog-head">
        <h2 className="dialog-title">{WORDS.keys.title}</h2>
        <button type="button" onClick={onClose}>
          {WORDS.keys.close}
        </button>
      </div>
      {isOpen && <KeyList rows={[...rows, ...LEAVING, ...OPENING]} habits={habits} />}
    </dialog>
  );
}

const KeyList = ({ rows, habits }: Required<Props>): ReactNode => (
  <dl className="keys">
    {rows.map(({ keys, words }) => (
      <div key={words}>
        <dt>
          {keys.map((key) => (
            <kbd key={key}>{keyText(key)}</kbd>
          ))}
        </dt>
        <dd>{words}</dd>
      </div>
    ))}
    {habits.map(([gesture, words]) => (
      <div key={gesture}>
        <dt>{gesture}</dt>
        <dd>{words}</dd>
      </div>
    ))}
  </dl>
);
