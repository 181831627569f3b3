import { currentResult, currentVerdict, type HeldStudy } from '../../archive/index.ts';

/** What drift is looked for in: facts of one study that has come to its end. None of them names a person. */
export interface DriftFacts {
  readonly study: string;
  readonly endedAt: string;
  readonly scanner?: string | undefined;
  readonly kernel?: string | undefined;
  readonly thicknessMm?: number | undefined;
  /** Median HU of the head's soft tissue. */
  readonly headHu?: number | undefined;
  /** From what the model was trained on. */
  readonly unlikeDistance?: number | undefined;
  readonly probability?: number;
  readonly positive?: boolean;
  /** Why it was refused; absent where it was predicted. */
  readonly refusal?: string;
  /** Whether a reader agreed; absent where none has said so. */
  readonly agreed?: boolean;
}

/** Undefined of a study that is under way or failed: a fault of ours is no drift. */
export function driftFactsOf(held: HeldStudy): DriftFacts | undefined {
  const { study, state, movedAt, reason } = held;
  if (state === 'refused') return { study, endedAt: movedAt, refusal: reason?.code ?? 'refused' };
  const result = currentResult(held);
  if (result === undefined) return undefined;
  const { at: endedAt, probability, positive, seen } = result;
  const verdict = currentVerdict(held);
  const agreed = verdict && { agreed: verdict.opinion === 'agree' };
  return { study, endedAt, ...seen, probability, positive, ...agreed };
}
