import { type HeldStudy, isAtEnd } from '../../archive/index.ts';
import type { Receiver } from '../delivery/destinations.ts';
import { isDelivered } from '../delivery/next-delivery.ts';

/** How long objects are kept; at 0 nothing is removed for that reason. */
export interface Retention {
  /** After the last new object. */
  readonly days: number;
  /** To be free on the disk; the oldest studies go first, read ones before unread ones. */
  readonly freeGigabytes: number;
}

export interface ToRemove {
  readonly study: string;
  readonly because: string;
}

const DAY_MS = 86_400_000;
const GIGABYTE = 1e9;

/** What is to go now; never what is under way, nor what a destination still waits for. */
export function toRemove(
  studies: Iterable<HeldStudy>,
  { days, freeGigabytes }: Retention,
  destinations: readonly Receiver[],
  now: { readonly ms: number; readonly freeBytes: number },
): ToRemove[] {
  const may = [...studies].filter((held) => mayGo(held, destinations));
  const isOld = ({ lastArrivalAt }: HeldStudy): boolean =>
    days > 0 && now.ms - Date.parse(lastArrivalAt) > days * DAY_MS;
  const byAge = may.filter(isOld);
  let free = now.freeBytes + sum(byAge.map(bytesOf));
  const removed = byAge.map(({ study }) => ({ study, because: `older than ${days} days` }));
  const next = may.filter((held) => !isOld(held)).toSorted(byNeed);
  for (const held of next) {
    if (free >= freeGigabytes * GIGABYTE) break;
    free += bytesOf(held);
    removed.push({ study: held.study, because: `less than ${freeGigabytes} GB were free on the disk` });
  }
  return removed;
}

const mayGo = (held: HeldStudy, destinations: readonly Receiver[]): boolean =>
  isAtEnd(held.state) && held.objects.size > 0 && isDelivered(held, destinations);

const byNeed = (a: HeldStudy, b: HeldStudy): number =>
  Number(b.isRead) - Number(a.isRead) || Date.parse(a.lastArrivalAt) - Date.parse(b.lastArrivalAt);

const bytesOf = ({ objects }: HeldStudy): number => sum([...objects.values()].map(({ bytes }) => bytes));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
