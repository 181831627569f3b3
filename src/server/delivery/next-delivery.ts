import { currentEnding, currentResult, type Delivery, type HeldStudy } from '../../archive/index.ts';
import { isWanted, type Outcome, type Receiver } from './destinations.ts';

/** What there is to tell of a study: its current result, or that it has none. */
export interface Parcel {
  readonly study: string;
  /** Names it in the journal; of a result, where its files lie. */
  readonly folder: string;
  readonly at: string;
  readonly outcome: Outcome;
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 600_000;
/** Who refuses so often is not asked again before a person says so; who cannot be reached is tried without an end. */
const MOST_REFUSALS = 10;

/** After so many failed tries the next one waits so long: twice as long each time, ten minutes at most. */
export const retryAfterMs = (tries: number): number =>
  tries === 0 ? 0 : Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));

export const DELIVERY_STATES = ['delivered', 'waiting', 'given-up'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export function deliveryState({ failure, tries }: Delivery): DeliveryState {
  if (failure === undefined) return 'delivered';
  const isRefused = failure.code === 'destination-refused' && tries >= MOST_REFUSALS;
  // Lies in the result, and will be so at each try
  const isHopeless = failure.code === 'report-missing' && tries > 0;
  return isRefused || isHopeless ? 'given-up' : 'waiting';
}

/** Undefined while a study is under way: nothing older is told of it then. */
export function parcelOf(held: HeldStudy): Parcel | undefined {
  const { study } = held;
  const result = currentResult(held);
  if (result !== undefined) return { study, ...result, outcome: result.positive ? 'positive' : 'negative' };
  const ending = currentEnding(held);
  return ending && { study, ...ending, outcome: 'refused' };
}

/** Whether a destination is to hear of it, by its own rule and by the study's; what it has heard of stays its own. */
const isFor = (receiver: Receiver, held: HeldStudy, { outcome, at, deliveries }: Parcel): boolean =>
  isWanted(receiver, outcome) &&
  (held.destinations?.includes(receiver.name) ?? true) &&
  (receiver.since === undefined || at >= receiver.since || deliveries[receiver.name] !== undefined);

/** What a destination is to get now: the oldest first, what failed when its time has come. */
export function nextDelivery(
  studies: Iterable<HeldStudy>,
  receiver: Receiver,
  nowMs: number,
): Parcel | undefined {
  let next: Parcel | undefined;
  for (const held of studies) {
    const parcel = parcelOf(held);
    if (parcel === undefined || !isFor(receiver, held, parcel) || !isDue(parcel, receiver, nowMs)) continue;
    if (next === undefined || parcel.at < next.at) next = parcel;
  }
  return next;
}

function isDue({ deliveries }: Parcel, { name }: Receiver, nowMs: number): boolean {
  const last = deliveries[name];
  if (last === undefined) return true;
  return deliveryState(last) === 'waiting' && nowMs >= Date.parse(last.at) + retryAfterMs(last.tries);
}

/** How a study's parcel stands with a destination; undefined where it is not to hear of it. */
export function standingWith(receiver: Receiver, held: HeldStudy): DeliveryState | undefined {
  const parcel = parcelOf(held);
  if (parcel === undefined || !isFor(receiver, held, parcel)) return undefined;
  const last = parcel.deliveries[receiver.name];
  return last === undefined ? 'waiting' : deliveryState(last);
}

/** Whether no destination waits for anything of a study: what was given up is not delivered. */
export const isDelivered = (held: HeldStudy, receivers: readonly Receiver[]): boolean =>
  receivers.every((receiver) => (standingWith(receiver, held) ?? 'delivered') === 'delivered');
