import { type ReactNode, useEffect, useState } from 'react';
import { ThemeChoice } from '../theme-choice.tsx';
import { WORDS } from '../words.ts';
import { StudyPage } from './study-page.tsx';
import { useWorklist } from './use-worklist.ts';
import { unreadSuspected } from './worklist-items.ts';
import { WorklistTable } from './worklist-table.tsx';

/** The list, or the study that the address names: `#study/1.2.3`. */
export function ServicePage(): ReactNode {
  const worklist = useWorklist();
  const study = useStudyInAddress();
  const unread = unreadSuspected(worklist.items);
  useEffect(() => {
    document.title = unread === 0 ? WORDS.worklist.title : `(${unread}) ${WORDS.worklist.title}`;
  }, [unread]);
  return (
    <div className="page">
      <header>
        <h1>
          <a href="#list">Ichor</a>
        </h1>
        <strong className="research">{WORDS.notice}</strong>
        <span className="spacer" />
        {worklist.fault !== undefined && (
          <span className="fault" role="alert">
            {WORDS.worklist.disconnected}
          </span>
        )}
        <span className="muted">{WORDS.keys.hint}</span>
        <ThemeChoice />
      </header>
      {study === undefined ? (
        <WorklistTable worklist={worklist} />
      ) : (
        <StudyPage
          key={study}
          study={study}
          item={worklist.items.find(({ studyInstanceUid }) => studyInstanceUid === study)}
        />
      )}
    </div>
  );
}

const studyIn = (hash: string): string | undefined => /^#study\/([\d.]+)$/.exec(hash)?.[1];

function useStudyInAddress(): string | undefined {
  const [study, setStudy] = useState(() => studyIn(globalThis.location.hash));
  useEffect(() => {
    const onHash = (): void => setStudy(studyIn(globalThis.location.hash));
    globalThis.addEventListener('hashchange', onHash);
    return () => globalThis.removeEventListener('hashchange', onHash);
  }, []);
  return study;
}
