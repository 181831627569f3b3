import { type ChangeEvent, type ReactNode, useId } from 'react';
import { namedChoice } from '../../src/files-web/index.ts';
import { WORDS } from '../words.ts';
import type { LocalActions } from './use-engine.ts';

/** Two dialogues, since a browser's dialogue takes either files or a folder. */
export function FileChooser({ actions }: { actions: LocalActions }): ReactNode {
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    if (target.files === null || target.files.length === 0) return;
    actions.predict(Promise.resolve({ from: 'user', named: namedChoice(target.files) }));
    target.value = '';
  };
  return (
    <div className="chooser">
      <Chooser words={WORDS.local.chooseFiles} onChange={onChange} />
      <Chooser words={WORDS.local.chooseFolder} onChange={onChange} isFolder />
    </div>
  );
}

interface ChooserProps {
  readonly words: string;
  readonly isFolder?: boolean;
  onChange(event: ChangeEvent<HTMLInputElement>): void;
}

function Chooser({ words, isFolder = false, onChange }: ChooserProps): ReactNode {
  const id = useId();
  return (
    <>
      <input
        id={id}
        type="file"
        multiple
        className="visually-hidden"
        webkitdirectory={isFolder ? '' : undefined}
        onChange={onChange}
      />
      <label htmlFor={id} className="button">
        {words}
      </label>
    </>
  );
}
