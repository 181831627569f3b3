/** How long nothing may have come before a study is taken for complete, by what its senders did last. */
export const QUIET_MS = {
  /** Somebody who sent of it still has the association open. */
  open: 60_000,
  /** The same, and as many objects are there as they say. */
  allThere: 2000,
  /** All have ended in order. Slices that come later start the study again, so little is lost by being early. */
  ended: 2000,
  /** The last one was cut: it will come back with the rest. */
  cut: 10_000,
} as const;

export interface DeliveryFacts {
  /** Milliseconds, of the last new object. */
  readonly lastArrivalAt: number;
  /** Of the last association or upload that brought objects of it; undefined before a first end, or since a restart. */
  readonly lastEndAt?: number;
  readonly lastWasCut: boolean;
  readonly openVisits: number;
  readonly held: number;
  /** Instances of the study, where its objects tell (0020,1208). */
  readonly expected?: number;
}

/** From when on a study is complete, in the facts' milliseconds. */
export function completeFrom(facts: DeliveryFacts): number {
  const { lastArrivalAt, lastEndAt = lastArrivalAt, lastWasCut, openVisits, held, expected } = facts;
  const isAllThere = expected !== undefined && held >= expected;
  // A router may keep its associations open for hours; a series of which the count does not know yet would go on at once
  if (openVisits > 0) return lastArrivalAt + (isAllThere ? QUIET_MS.allThere : QUIET_MS.open);
  const quietSince = Math.max(lastArrivalAt, lastEndAt);
  if (isAllThere) return quietSince;
  return quietSince + (lastWasCut ? QUIET_MS.cut : QUIET_MS.ended);
}
