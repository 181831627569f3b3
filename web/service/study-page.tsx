import { type ReactNode, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { PageAction } from '../study/actions.ts';
import { FindingsPanel } from '../study/findings-panel.tsx';
import type { ShownStudy } from '../study/shown-study.ts';
import { StudyView } from '../study/study-view.tsx';
import { WORDS } from '../words.ts';
import { type HeldStudy, markRead, resultAddress } from './held-study.ts';
import { useHeldStudy } from './use-held-study.ts';
import { usePriors } from './use-priors.ts';
import { useVerdict } from './use-verdict.ts';
import { withSlice } from './verdict.ts';
import { VerdictPanel } from './verdict-panel.tsx';
import type { WorklistItem } from './worklist-items.ts';

interface Props {
  readonly study: string;
  readonly item: WorklistItem | undefined;
}

/** A study of the list: its pictures and result, or where it is and why. */
export function StudyPage({ study, item }: Props): ReactNode {
  const { held, prediction, shown, progress, fault } = useHeldStudy(study, item?.state);
  if (fault !== undefined)
    return (
      <main className="told">
        <p className="fault" role="alert">
          {prediction && WORDS.study.noPictures} {fault}
        </p>
        {prediction && <FindingsPanel prediction={prediction} figures={[]} />}
        {held && <ResultFiles held={held} />}
        <Back />
      </main>
    );
  if (shown === undefined)
    return (
      <main className="told">
        <h2>{study}</h2>
        <p role="status">{whereItIs(held, item)}</p>
        {progress && <progress aria-label={WORDS.local.reading} value={progress.done} max={progress.total} />}
        <OhifLink held={held} />
        <Back />
      </main>
    );
  return held && <JudgedStudy key={held.result} held={held} shown={shown} isRead={item?.read ?? false} />;
}

interface JudgedProps {
  readonly held: HeldStudy;
  readonly shown: ShownStudy;
  readonly isRead: boolean;
}

/** The pictures and the finding, and what a reader says of them. */
function JudgedStudy({ held, shown, isRead }: JudgedProps): ReactNode {
  const verdict = useVerdict(held, shown.prediction);
  const read = useReadMark(held.studyInstanceUid);
  const prior = usePriors(held.studyInstanceUid);
  const { actions: words } = WORDS.verdict;
  const actions: readonly PageAction[] = [
    { keys: ['a'], words: words.agree, run: () => verdict.send('agree') },
    { keys: ['d'], words: words.disagree, run: () => verdict.send('disagree') },
    { keys: ['x'], words: words.mark, run: ({ slice }) => verdict.change((now) => withSlice(now, slice)) },
    { keys: ['c'], words: words.comment, run: () => document.getElementById('comment')?.focus() },
    { keys: ['r'], words: words.read, run: read.mark },
    { keys: ['u', 'Escape'], words: words.back, run: backToList },
  ];
  return (
    <main className="one-study">
      <StudyView
        study={shown}
        figures={[]}
        actions={actions}
        prior={prior}
        marked={verdict.draft.slices}
        panel={(view, onChange) => (
          <>
            <VerdictPanel
              verdict={verdict}
              slice={view.slice}
              onGo={(slice) => onChange((now) => ({ ...now, slice }))}
            />
            <ReadMark isRead={isRead} {...read} />
            <OhifLink held={held} />
            <ResultFiles held={held} />
            <Back />
          </>
        )}
      />
    </main>
  );
}

function ResultFiles({ held: { studyInstanceUid, files } }: { held: HeldStudy }): ReactNode {
  return (
    <>
      <h2>{WORDS.study.download}</h2>
      <ul className="files">
        {files.map((file) => (
          <li key={file}>
            <a href={resultAddress(studyInstanceUid, file)} download={file.split('/').at(-1)}>
              {file}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The study with all that is held of it, results included, in a viewer of others. */
function OhifLink({ held }: { held: HeldStudy | undefined }): ReactNode {
  if (held?.ohif === undefined) return null;
  return (
    <p>
      <a href={held.ohif} target="_blank" rel="noreferrer">
        {WORDS.study.openInOhif}
      </a>
    </p>
  );
}

function useReadMark(study: string) {
  const [fault, setFault] = useState<string>();
  const mark = (): void => {
    markRead(study).then(
      () => setFault(undefined),
      (thrown: unknown) => setFault(messageOf(thrown)),
    );
  };
  return { mark, fault };
}

function ReadMark({ isRead, mark, fault }: { isRead: boolean } & ReturnType<typeof useReadMark>): ReactNode {
  if (isRead) return <p className="muted">{WORDS.worklist.isRead}</p>;
  return (
    <p>
      <button type="button" title="key r" onClick={mark}>
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

function backToList(): void {
  globalThis.location.hash = 'list';
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
