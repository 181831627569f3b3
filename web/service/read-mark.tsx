import { type ReactNode, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import { markRead } from './held-study.ts';
import { useIsLeft } from './is-left.ts';
import type { Undo } from './undo.tsx';

interface ReadMarkState {
  readonly isRead: boolean;
  readonly fault?: string;
  /** Marks it as read, or as unread again. */
  turn(): void;
}

/** Whether the study was read, for all readers. */
export function useReadMark(study: string, isRead: boolean, { offer, tellUnkept }: Undo): ReadMarkState {
  const isLeft = useIsLeft();
  const [fault, setFault] = useState<string>();
  const mark = async (isRead: boolean): Promise<undefined> => void (await markRead(study, isRead));
  const turn = (): void => {
    const done = WORDS.undo[isRead ? 'unread' : 'read'];
    mark(!isRead).then(
      () => {
        setFault(undefined);
        offer({ study, done, takeBack: () => mark(isRead) });
      },
      (thrown: unknown) => {
        setFault(messageOf(thrown));
        if (isLeft.current) tellUnkept({ study, wanted: done, fault: messageOf(thrown) });
      },
    );
  };
  return { isRead, turn, ...(fault !== undefined && { fault }) };
}

export function ReadMark({ isRead, turn, fault }: ReadMarkState): ReactNode {
  return (
    <p className="read-mark">
      <span className="muted">{isRead && WORDS.worklist.isRead}</span>{' '}
      <button type="button" {...keyed('r')} onClick={turn}>
        {isRead ? WORDS.worklist.markUnread : WORDS.worklist.markRead}
      </button>
      {fault !== undefined && (
        <span className="fault" role="alert">
          {fault}
        </span>
      )}
    </p>
  );
}
