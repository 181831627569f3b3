import { compareStreams, type StreamFinding } from './compare.ts';
import type { DriftFacts } from './facts.ts';

/** A period that people accepted: what comes later is held to it. Ends are not part of it. */
export interface ReferencePeriod {
  readonly from: string;
  readonly to: string;
}

/** So many of the newest studies are held to the reference period, again after each LOOK_EVERY. */
export const RECENT_STUDIES = 200;
export const LOOK_EVERY = 100;

export interface DriftLook {
  readonly reference: readonly DriftFacts[];
  /** The newest that were looked at, the oldest first; none before the first LOOK_EVERY have come. */
  readonly recent: readonly DriftFacts[];
  readonly streams: readonly StreamFinding[];
}

/**
 * The newest look: a pure function of the studies that have ended. It is made after each LOOK_EVERY studies since the
 * reference period, so that how often it is asked for changes no rate of false alarms.
 */
export function lookForDrift(studies: readonly DriftFacts[], period: ReferencePeriod): DriftLook {
  const inOrder = studies.toSorted((a, b) => (a.endedAt < b.endedAt ? -1 : a.endedAt > b.endedAt ? 1 : 0));
  const reference = inOrder.filter(({ endedAt }) => endedAt >= period.from && endedAt < period.to);
  const since = inOrder.filter(({ endedAt }) => endedAt >= period.to);
  const seen = Math.floor(since.length / LOOK_EVERY) * LOOK_EVERY;
  const recent = since.slice(Math.max(0, seen - RECENT_STUDIES), seen);
  return { reference, recent, streams: recent.length === 0 ? [] : compareStreams(reference, recent) };
}
