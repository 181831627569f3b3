import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { keyed } from '../study/actions.ts';
import { WORDS } from '../words.ts';
import type { AroundId } from './service-keys.ts';
import { studyHash } from './study-address.ts';

/** What a reader said of a study, and the service does not have. */
export interface UnkeptWord {
  readonly study: string;
  /** What was wanted, as the note says it. */
  readonly wanted: string;
  readonly fault: string;
}

export interface Unkept {
  /** The newest first. */
  readonly words: readonly UnkeptWord[];
  tell(word: UnkeptWord): void;
  dismiss(): void;
}

/**
 * What failed after its study was left, where nobody would see it: told until it is dismissed, or the study opened.
 * @param open the study that is looked at
 */
export function useUnkept(open: string | undefined): Unkept {
  const [words, setWords] = useState<readonly UnkeptWord[]>([]);
  useEffect(() => {
    setWords((last) => {
      const others = last.filter(({ study }) => study !== open);
      return others.length < last.length ? others : last;
    });
  }, [open]);
  const tell = useCallback((word: UnkeptWord): void => setWords((last) => [word, ...last]), []);
  const dismiss = useCallback((): void => setWords(([, ...others]) => others), []);
  return { words, tell, dismiss };
}

/** The newest one, and how many there are. */
export function UnkeptNote({ words: [newest, ...others], dismiss }: Unkept): ReactNode {
  if (newest === undefined) return null;
  return (
    <div className="undo" role="alert">
      <span>
        <span className="fault">{WORDS.unkept.notKept(newest.wanted)}</span> {newest.fault}
        {others.length > 0 && ` ${WORDS.unkept.others(others.length)}`}
        <small className="uid">
          {WORDS.worklist.study} {newest.study}
        </small>
      </span>
      <a className="button" id={'unkept' satisfies AroundId} href={studyHash(newest.study)} {...keyed('K')}>
        {WORDS.unkept.open}
      </a>
      <button type="button" id={'dismiss-unkept' satisfies AroundId} {...keyed('J')} onClick={dismiss}>
        {WORDS.worklist.dismiss}
      </button>
    </div>
  );
}
