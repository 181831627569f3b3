import { currentResult, type HeldResult, type HeldStudy } from '../../archive/index.ts';

export interface DueDelivery {
  readonly study: string;
  readonly result: HeldResult;
  readonly destination: string;
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 600_000;

/** After so many failed tries the next one waits so long: twice as long each time, ten minutes at most. It is never given up. */
export const retryAfterMs = (tries: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));

/** What a destination is to get now: current results only, the oldest first, those that failed when their time has come. */
export function nextDelivery(
  studies: Iterable<HeldStudy>,
  destination: string,
  nowMs: number,
): DueDelivery | undefined {
  let next: DueDelivery | undefined;
  for (const held of studies) {
    const result = currentResult(held);
    if (result === undefined || !(held.destinations?.includes(destination) ?? true)) continue;
    if (!isDue(result, destination, nowMs)) continue;
    if (next === undefined || result.at < next.result.at) next = { study: held.study, result, destination };
  }
  return next;
}

function isDue({ deliveries }: HeldResult, destination: string, nowMs: number): boolean {
  const last = deliveries[destination];
  if (last === undefined) return true;
  return last.failure !== undefined && nowMs >= Date.parse(last.at) + retryAfterMs(last.tries);
}
