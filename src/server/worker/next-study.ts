import type { HeldStudy } from '../../archive/index.ts';

/** A study is given up after so many tries: one that ends its worker would end it for ever. */
export const MOST_TRIES = 3;
/** After a fault, a try waits so long times the tries that were. */
export const RETRY_AFTER_MS = 10_000;

/** Urgent ones first, then who came first; one that failed waits its time. Undefined where none is to be predicted now. */
export function nextStudy(studies: Iterable<HeldStudy>, nowMs: number): HeldStudy | undefined {
  let next: HeldStudy | undefined;
  for (const study of studies)
    if (study.state === 'queued' && mayBeTried(study, nowMs) && (next === undefined || isBefore(study, next)))
      next = study;
  return next;
}

const mayBeTried = ({ reason, tries, movedAt }: HeldStudy, nowMs: number): boolean =>
  reason === undefined || nowMs >= Date.parse(movedAt) + RETRY_AFTER_MS * tries;

const isBefore = (a: HeldStudy, b: HeldStudy): boolean =>
  a.urgent === b.urgent ? a.receivedAt < b.receivedAt : a.urgent;
