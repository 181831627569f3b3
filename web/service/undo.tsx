import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { AroundId } from './service-keys.ts';
import type { Unkept, UnkeptWord } from './unkept.tsx';
import type { Verdict } from './verdict.ts';

/** What a reader has said last. The service has it already: it is taken back by a further word, so nothing is lost with the page. */
export interface Act {
  readonly study: string;
  /** What was done, as the note says it. */
  readonly done: string;
  /** Gives what the study's page is to show then, where that is more than the list tells. */
  takeBack(): Promise<TakenBack | undefined>;
}

/** A verdict was taken back. */
export interface TakenBack {
  readonly study: string;
  /** The one that counts instead. */
  readonly verdict: Verdict | undefined;
}

interface NoteState {
  readonly act: Act;
  readonly stage: 'done' | 'undoing' | 'undone';
  readonly fault?: string;
}

export interface Undo {
  readonly note?: NoteState;
  readonly element: RefObject<HTMLDivElement | null>;
  /** The last one, as long as the page is open. */
  readonly takenBack?: TakenBack;
  /** Tells what was done, and offers to take it back. */
  offer(act: Act): void;
  /** Takes it back, whether it was offered or not. */
  take(act: Act): void;
  /** Tells of what was wanted and failed, where its study was left. */
  tellUnkept(word: UnkeptWord): void;
}

/** Long enough to read it and to find the key; afterwards the study's page has the same, without a limit. */
const [OFFERED_MS, UNDONE_MS] = [20_000, 6000];

/** @param open the study that is looked at: another one's word is not offered beside it */
export function useUndo(open: string | undefined, { tell: tellUnkept }: Pick<Unkept, 'tell'>): Undo {
  const [note, setNote] = useState<NoteState>();
  const [takenBack, setTakenBack] = useState<TakenBack>();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open !== undefined) setNote((now) => (now?.act.study === open ? now : undefined));
  }, [open]);
  useEffect(() => {
    if (note === undefined || note.stage === 'undoing') return;
    let timer: ReturnType<typeof setTimeout>;
    const pass = (): void => {
      // Not from under a pointer, nor from whoever is at its button with the keyboard
      if (element.current?.matches(':is(:hover, :focus-within)')) wait();
      else setNote(undefined);
    };
    const wait = (): void => {
      timer = setTimeout(pass, note.stage === 'done' ? OFFERED_MS : UNDONE_MS);
    };
    wait();
    return () => clearTimeout(timer);
  }, [note]);
  const opened = useRef(open);
  opened.current = open;
  const offer = useCallback((act: Act): void => {
    // Another study may be open by the time of the answer
    if (opened.current === undefined || opened.current === act.study) setNote({ act, stage: 'done' });
  }, []);
  const taking = useRef(new Set<string>());
  const shown = useRef(note);
  shown.current = note;
  const take = useCallback(
    (act: Act): void => {
      // A key asks again while its first answer is on its way
      if (taking.current.has(act.study)) return;
      taking.current.add(act.study);
      setNote({ act, stage: 'undoing' });
      const end = (state: Omit<NoteState, 'act'>): void => {
        taking.current.delete(act.study);
        // What was said meanwhile is told instead
        setNote((now) => (now === undefined || now.act === act ? { act, ...state } : now));
      };
      act.takeBack().then(
        (taken) => {
          end({ stage: 'undone' });
          if (taken !== undefined) setTakenBack(taken);
        },
        (thrown: unknown) => {
          const fault = messageOf(thrown);
          const isTold = shown.current === undefined || shown.current.act === act;
          if (!isTold) tellUnkept({ study: act.study, wanted: words.takingBack(act.done), fault });
          end({ stage: 'done', fault });
        },
      );
    },
    [tellUnkept],
  );
  return { ...(note && { note }), ...(takenBack && { takenBack }), element, offer, take, tellUnkept };
}

const words = WORDS.undo;

/** Says what was done last, with a button that takes it back. */
export function UndoNote({ note, element, take }: Undo): ReactNode {
  return (
    <div ref={element} className={note ? 'undo' : ''} role="status">
      {note && (
        <>
          <span>
            {note.stage === 'undone' ? words.undone(note.act.done) : note.act.done}
            <small className="uid">
              {WORDS.worklist.study} {note.act.study}
            </small>
          </span>
          {note.fault !== undefined && (
            <span className="fault" role="alert">
              {note.fault}
            </span>
          )}
          {note.stage !== 'undone' && (
            <button
              type="button"
              id={'undo' satisfies AroundId}
              disabled={note.stage === 'undoing'}
              {...keyed('Z')}
              onClick={() => take(note.act)}
            >
              {words.undo}
            </button>
          )}
        </>
      )}
    </div>
  );
}
