import { type ReactNode, useEffect, useRef } from 'react';
import { WORDS } from '../words.ts';
import { ACTIONS, MOUSE_HABITS } from './actions.ts';

/** All keys and gestures; `?` opens it, Escape closes it. */
export function KeysDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label={WORDS.keys.title}>
      <h2>{WORDS.keys.title}</h2>
      <dl className="keys">
        {ACTIONS.map(({ keys, words }) => (
          <div key={words}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key.replace('Arrow', '')}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
        {MOUSE_HABITS.map(([gesture, words]) => (
          <div key={gesture}>
            <dt>{gesture}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={onClose}>
        {WORDS.keys.close}
      </button>
    </dialog>
  );
}
