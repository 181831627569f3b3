import { useEffect, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { type HeldStudy, sendVerdict } from './held-study.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';
import { type Draft, type Opinion, opinionOf, startingDraft, type Verdict } from './verdict.ts';

export interface VerdictState {
  readonly draft: Draft;
  /** The reader changed it, and it was not sent since. */
  readonly isUnsent: boolean;
  /** The newest that the service has of this result. */
  readonly said?: Verdict;
  readonly fault?: string;
  readonly isSending: boolean;
  change(how: (draft: Draft) => Draft): void;
  send(opinion: Opinion['opinion']): Promise<void>;
}

/** A reader's verdict on the result that is shown; the service refuses one on a result that is no longer the current one. */
export function useVerdict(held: HeldStudy, prediction: Prediction): VerdictState {
  const [said, setSaid] = useState(held.verdict);
  const [{ draft, isUnsent }, setDraft] = useState(() => firstDraft(held, prediction));
  const [fault, setFault] = useState<string>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    setSaid(held.verdict);
    setDraft(firstDraft(held, prediction));
  }, [held, prediction]);
  useEffect(() => {
    if (isUnsent) keepDraft(held, draft);
    else forgetDraft(held);
  }, [held, draft, isUnsent]);
  const send = async (opinion: Opinion['opinion']): Promise<void> => {
    setSending(true);
    try {
      const now = await sendVerdict(held, opinionOf(opinion, draft, prediction));
      setSaid(now);
      // What was not sent is not shown as said
      const asSent = { draft: startingDraft(prediction, now), isUnsent: false };
      // What was typed meanwhile stays
      setDraft((latest) => (latest.draft === draft ? asSent : latest));
      setFault(undefined);
    } catch (thrown) {
      setFault(messageOf(thrown));
    }
    setSending(false);
  };
  return {
    draft,
    isUnsent,
    ...(said && { said }),
    ...(fault !== undefined && { fault }),
    isSending,
    change: (how) => setDraft((now) => ({ draft: how(now.draft), isUnsent: true })),
    send,
  };
}

/** The one that this reader has not sent yet, else the one to begin with. */
function firstDraft(held: HeldStudy, prediction: Prediction) {
  const kept = keptDraft(held);
  return { draft: kept ?? startingDraft(prediction, held.verdict), isUnsent: kept !== undefined };
}
