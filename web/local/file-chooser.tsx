import type { ChangeEvent, ReactNode } from 'react';
import { namedChoice } from '../../src/files-web/index.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { PartId } from './local-keys.ts';
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
      <Chooser id="choose-files" shortcut="u" words={WORDS.local.chooseFiles} onChange={onChange} />
      <Chooser
        id="choose-folder"
        shortcut="U"
        words={WORDS.local.chooseFolder}
        onChange={onChange}
        isFolder
      />
    </div>
  );
}

interface ChooserProps {
  readonly id: PartId;
  readonly shortcut: string;
  readonly words: string;
  readonly isFolder?: boolean;
  onChange(event: ChangeEvent<HTMLInputElement>): void;
}

function Chooser({ id, shortcut, words, isFolder = false, onChange }: ChooserProps): ReactNode {
  const { title, ...key } = keyed(shortcut);
  return (
    <>
      <input
        id={id}
        {...key}
        type="file"
        multiple
        className="visually-hidden"
        webkitdirectory={isFolder ? '' : undefined}
        onChange={onChange}
      />
      <label htmlFor={id} className="button" title={title}>
        {words}
      </label>
    </>
  );
}
