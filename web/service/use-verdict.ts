import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { WORDS } from '../words.ts';
import { type HeldStudy, sendVerdict, withdrawVerdict } from './held-study.ts';
import { useIsLeft } from './is-left.ts';
import { forgetDraft, type Judged, keepDraft, keptDraft } from './kept-draft.ts';
import type { Act, Undo } from './undo.tsx';
import {
  type Draft,
  furtherOf,
  movedDraft,
  type Opinion,
  opinionOf,
  saysMore,
  startingDraft,
  type Verdict,
} from './verdict.ts';

export interface VerdictState {
  readonly draft: Draft;
  /** The reader changed it, and it was not sent since. */
  readonly isUnsent: boolean;
  /** The newest that the service has of this result. */
  readonly said?: Verdict;
  /** What it says further, where it is another reader's. */
  readonly saidFurther?: ReturnType<typeof furtherOf>;
  readonly fault?: string;
  readonly isSending: boolean;
  change(how: (draft: Draft) => Draft): void;
  send(opinion: Opinion['opinion']): Promise<void>;
  /** Where the reader has said the newest. */
  takeBack?(): void;
}

/**
 * A reader's verdict on the result that is shown; the service refuses one on a result that is no longer the current one.
 * @param reader whose drafts are kept; undefined while nobody is known
 */
export function useVerdict(
  held: HeldStudy,
  prediction: Prediction,
  reader: string | undefined,
  { takenBack, offer, take, tellUnkept }: Undo,
): VerdictState {
  const judged = { ...held, reader, prediction };
  const [said, setSaid] = useState(held.verdict);
  // What another has said is shown, and is no word of this reader's
  const first = (verdict: Verdict | undefined) =>
    firstDraft(keptDraft(judged), prediction, verdict?.by === reader ? verdict : undefined);
  const [{ draft, isUnsent }, setDraft] = useState(() => first(held.verdict));
  const [fault, setFault] = useState<string>();
  const [isSending, setSending] = useState(false);
  const [last, setLast] = useState(prediction);
  if (last !== prediction) {
    setLast(prediction);
    setFault(undefined);
    setDraft((now) => ({ ...now, draft: movedDraft(now.draft, last, prediction) }));
  }
  const begin = (verdict: Verdict | undefined): void => {
    setSaid(verdict);
    // Read now: an effect below empties the store
    const anew = first(verdict);
    setDraft((now) => (now.isUnsent ? now : anew));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: anew for another study or result
  useEffect(() => begin(held.verdict), [held, prediction]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is known who reads
  useEffect(() => begin(said), [reader]);
  const known = useRef(takenBack);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when one is taken back
  useEffect(() => {
    if (takenBack !== known.current && takenBack?.study === held.studyInstanceUid) begin(takenBack.verdict);
    known.current = takenBack;
  }, [takenBack]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it changes
  useEffect(() => {
    if (isUnsent) keepDraft(judged, draft);
    else forgetDraft(judged);
  }, [held, draft, isUnsent, reader]);
  const sent = useRef(new Map<string, Draft>());
  const isBusy = useRef(false);
  const isLeft = useIsLeft();
  const send = async (opinion: Opinion['opinion']): Promise<void> => {
    // A key asks again while its first answer is on its way
    if (isBusy.current) return;
    isBusy.current = true;
    setSending(true);
    try {
      const now = await sendVerdict(held, opinionOf(opinion, draft, prediction));
      setSaid(now);
      // What was not sent is not shown as said
      const asSent = { draft: startingDraft(prediction, now), isUnsent: false };
      // What was typed meanwhile stays
      setDraft((latest) => (latest.draft === draft ? asSent : latest));
      setFault(undefined);
      if (isUnsent) sent.current.set(now.at, draft);
      offer(verdictAct(judged, now, isUnsent ? draft : undefined));
    } catch (thrown) {
      setFault(messageOf(thrown));
      if (isLeft.current)
        tellUnkept({
          study: held.studyInstanceUid,
          wanted: WORDS.undo[opinion],
          fault: messageOf(thrown),
        });
    }
    isBusy.current = false;
    setSending(false);
  };
  const set =
    said && (sent.current.get(said.at) ?? (saysMore(said) ? startingDraft(prediction, said) : undefined));
  return {
    draft,
    isUnsent,
    ...(said && { said }),
    ...(said && said.by !== reader && { saidFurther: furtherOf(said, prediction) }),
    ...(fault !== undefined && { fault }),
    isSending,
    change: (how) => setDraft((now) => ({ draft: how(now.draft), isUnsent: true })),
    send,
    ...(said && said.by === reader && { takeBack: () => take(verdictAct(judged, said, set)) }),
  };
}

/** @param set what the reader had set for it: it is there again afterwards, and is not sent, unless there is something newer */
const verdictAct = (judged: Judged, verdict: Verdict, set: Draft | undefined): Act => ({
  study: verdict.studyInstanceUid,
  done: WORDS.undo[verdict.opinion],
  takeBack: async () => {
    const counting = await withdrawVerdict(verdict);
    if (set !== undefined && keptDraft(judged) === undefined) keepDraft(judged, set);
    return { study: verdict.studyInstanceUid, verdict: counting };
  },
});

/** The one that this reader has not sent yet, else the one to begin with. */
function firstDraft(kept: Draft | undefined, prediction: Prediction, said: Verdict | undefined) {
  const start = startingDraft(prediction, said);
  if (kept === undefined) return { draft: start, isUnsent: false };
  return { draft: kept.areCorrected ? kept : { ...kept, subtypes: start.subtypes }, isUnsent: true };
}
