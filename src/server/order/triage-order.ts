import { comparePlaces, type Place } from './place.ts';

/** What the list's order is made from: facts of one study, no clock and no store. */
export interface TriageFacts {
  readonly study: string;
  readonly receivedAtMs: number;
  /** The request's own priority. */
  readonly urgent: boolean;
  /** A person has said that it was read. */
  readonly isRead: boolean;
  /** Of the current result; absent where there is none, for whatever reason. */
  readonly finding?: {
    readonly probability: number;
    readonly positive: boolean;
    readonly disagreement: boolean;
    /** Of an earlier result, which the current one takes back: no result lowers a study before a person has seen it. */
    readonly isTakenBack?: boolean;
  };
}

export interface Ranked {
  readonly study: string;
  /** From 1 on. */
  readonly rank: number;
  /** Why it stands there, for people. */
  readonly because: string;
  /** What it was sorted by. */
  readonly place: Place;
}

/**
 * Nobody waits longer than this behind studies that came later. Who stands first for having waited stands before suspected
 * hemorrhages too: `ichor simulate shift` shows what a shorter cap costs them.
 */
export const WAITING_CAP_MS = 3 * 3_600_000;

/**
 * The tiers of the list, the first one first. A result lifts a study or leaves it where it was without one: a negative study
 * stands with those that nobody has analysed, in order of arrival, and no result goes before an urgent request.
 */
const TIERS: readonly {
  readonly because: string;
  readonly holds: (facts: TriageFacts, waitedMs: number, capMs: number) => boolean;
}[] = [
  {
    because: `unread for more than ${WAITING_CAP_MS / 3_600_000} hours`,
    holds: ({ isRead }, waitedMs, capMs) => !isRead && waitedMs > capMs,
  },
  {
    because: 'urgent request, suspected hemorrhage',
    holds: ({ isRead, urgent, finding }) => !isRead && urgent && finding?.positive === true,
  },
  { because: 'urgent request', holds: ({ isRead, urgent }) => !isRead && urgent },
  { because: 'suspected hemorrhage', holds: ({ isRead, finding }) => !isRead && finding?.positive === true },
  {
    because: 'slices and subject disagree',
    holds: ({ isRead, finding }) => !isRead && finding?.disagreement === true,
  },
  { because: 'in order of arrival', holds: ({ isRead }) => !isRead },
  { because: 'read', holds: () => true },
];

/** Positives by probability; within all other tiers, and between equals, who came first. */
const SUSPECTED = new Set(['urgent request, suspected hemorrhage', 'suspected hemorrhage']);

const TAKEN_BACK = ' by an earlier result, not by the newest';

/**
 * All of the studies in the list's order: none is left out.
 * @param capMs other than the service's in simulations only
 */
export function triageOrder(
  studies: readonly TriageFacts[],
  nowMs: number,
  capMs = WAITING_CAP_MS,
): Ranked[] {
  return studies
    .map((facts) => {
      const tier = TIERS.findIndex(({ holds }) => holds(facts, nowMs - facts.receivedAtMs, capMs));
      const because = TIERS[tier]?.because ?? '';
      const probability = SUSPECTED.has(because) ? (facts.finding?.probability ?? 0) : 0;
      const place = [tier, -probability, facts.receivedAtMs, facts.study];
      const isBack = SUSPECTED.has(because) && facts.finding?.isTakenBack === true;
      return { study: facts.study, because: isBack ? `${because}${TAKEN_BACK}` : because, place };
    })
    .toSorted((a, b) => comparePlaces(a.place, b.place))
    .map((ranked, i) => ({ ...ranked, rank: i + 1 }));
}
