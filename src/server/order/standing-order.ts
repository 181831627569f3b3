import { type Ranked, type TriageFacts, triageOrder, WAITING_CAP_MS } from './triage-order.ts';

/** The order of a list that is asked for again and again: that of triageOrder, ranked anew only where it can have changed. */
export interface StandingOrder {
  /** What is known of a study now. */
  put(facts: TriageFacts): void;
  at(nowMs: number): readonly Ranked[];
}

export function createStandingOrder(rank: typeof triageOrder = triageOrder): StandingOrder {
  const known = new Map<string, TriageFacts>();
  let standing:
    | { readonly ranked: readonly Ranked[]; readonly fromMs: number; readonly toMs: number }
    | undefined;
  const rankedAt = (nowMs: number) => {
    const studies = [...known.values()];
    return { ranked: rank(studies, nowMs), fromMs: nowMs, toMs: nextCapMs(studies, nowMs) };
  };
  return {
    put: (facts) => {
      const before = known.get(facts.study);
      known.set(facts.study, facts);
      if (before === undefined || !isSame(before, facts)) standing = undefined;
    },
    at: (nowMs) => {
      // A clock that was set back undoes a cap that had passed
      if (standing === undefined || nowMs < standing.fromMs || nowMs > standing.toMs)
        standing = rankedAt(nowMs);
      return standing.ranked;
    },
  };
}

/** Up to here the clock alone changes nothing: then the next study that nobody has read has waited past the cap. */
function nextCapMs(studies: readonly TriageFacts[], nowMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { isRead, receivedAtMs } of studies) {
    const cap = receivedAtMs + WAITING_CAP_MS;
    if (!isRead && cap >= nowMs) next = Math.min(next, cap);
  }
  return next;
}

const isSame = (a: TriageFacts, b: TriageFacts): boolean =>
  a.receivedAtMs === b.receivedAtMs &&
  a.urgent === b.urgent &&
  a.isRead === b.isRead &&
  a.finding?.probability === b.finding?.probability &&
  a.finding?.positive === b.finding?.positive &&
  a.finding?.isTakenBack === b.finding?.isTakenBack &&
  a.finding?.disagreement === b.finding?.disagreement;
