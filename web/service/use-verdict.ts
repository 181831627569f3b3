import { useEffect, useState } from 'react';
import { messageOf } from '../../src/base/index.ts';
import type { Prediction } from '../../src/prediction/index.ts';
import { type HeldStudy, sendVerdict } from './held-study.ts';
import { type Draft, type Opinion, opinionOf, startingDraft, type Verdict } from './verdict.ts';

export interface VerdictState {
  readonly draft: Draft;
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
  const [draft, setDraft] = useState(() => startingDraft(prediction, held.verdict));
  const [fault, setFault] = useState<string>();
  const [isSending, setSending] = useState(false);
  useEffect(() => {
    setSaid(held.verdict);
    setDraft(startingDraft(prediction, held.verdict));
  }, [held, prediction]);
  const send = async (opinion: Opinion['opinion']): Promise<void> => {
    setSending(true);
    try {
      const now = await sendVerdict(held, opinionOf(opinion, draft, prediction));
      setSaid(now);
      // What was not sent is not shown as said
      setDraft(startingDraft(prediction, now));
      setFault(undefined);
    } catch (thrown) {
      setFault(messageOf(thrown));
    }
    setSending(false);
  };
  return {
    draft,
    ...(said && { said }),
    ...(fault !== undefined && { fault }),
    isSending,
    change: setDraft,
    send,
  };
}
