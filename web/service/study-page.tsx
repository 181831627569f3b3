import { type ReactNode, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import { StudyView } from '../study/study-view.tsx';
import { WORDS } from '../words.ts';
import { markRead, resultAddress } from './held-study.ts';
import { useHeldStudy } from './use-held-study.ts';
import type { WorklistItem } from './worklist-items.ts';

interface Props {
  readonly study: string;
  readonly item: WorklistItem | undefined;
}

/** A study of the list: its pictures and result, or where it is and why. */
export function StudyPage({ study, item }: Props): ReactNode {
  const { held, shown, progress, fault } = useHeldStudy(study, item?.state);
  if (fault !== undefined)
    return (
      <main className="told">
        <p className="fault" role="alert">
          {fault}
        </p>
        <Back />
      </main>
    );
  if (shown === undefined)
    return (
      <main className="told">
        <h2>{study}</h2>
        <p role="status">{whereItIs(held, item)}</p>
        {progress && <progress aria-label={WORDS.local.reading} value={progress.done} max={progress.total} />}
        <Back />
      </main>
    );
  return (
    <main className="one-study">
      <StudyView study={shown} figures={[]}>
        <ReadMark study={study} isRead={item?.read ?? false} />
        <h2>{WORDS.study.download}</h2>
        <ul className="files">
          {held?.files.map((file) => (
            <li key={file}>
              <a href={resultAddress(study, file)} download={file.split('/').at(-1)}>
                {file}
              </a>
            </li>
          ))}
        </ul>
        <Back />
      </StudyView>
    </main>
  );
}

function ReadMark({ study, isRead }: { study: string; isRead: boolean }): ReactNode {
  const [fault, setFault] = useState<string>();
  if (isRead) return <p className="muted">{WORDS.worklist.isRead}</p>;
  const mark = (): void => {
    markRead(study).then(
      () => setFault(undefined),
      (thrown: unknown) => setFault(messageOf(thrown)),
    );
  };
  return (
    <p>
      <button type="button" onClick={mark}>
        {WORDS.worklist.markRead}
      </button>
      {fault !== undefined && (
        <span className="fault" role="alert">
          {fault}
        </span>
      )}
    </p>
  );
}

function whereItIs(held: ReturnType<typeof useHeldStudy>['held'], item: WorklistItem | undefined): string {
  const reason = held?.reason?.text ?? item?.reason;
  if (held === undefined) return WORDS.worklist.loading;
  if (held.files.includes('prediction.json')) return WORDS.local.reading;
  return reason === undefined ? held.state : `${held.state}: ${reason}`;
}

const Back = (): ReactNode => (
  <p>
    <a href="#list">{WORDS.worklist.back}</a>
  </p>
);
