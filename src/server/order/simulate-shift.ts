import { at, createRandom } from '../../base/index.ts';
import {
  type Arrival,
  describeWaits,
  drawArrivals,
  openingOf,
  type Waiting,
  waitsInOrder,
} from '../../evaluation/index.ts';
import { meanWaits } from '../../statistics/index.ts';
import { type TriageFacts, triageOrder, WAITING_CAP_MS } from './triage-order.ts';

const MS_PER_MINUTE = 60_000;

/** One reader who takes the first of the list whenever free. */
export interface Shift {
  /** Of studies, with hemorrhage. */
  readonly prevalence: number;
  /** Share of the reader's time that readings take. */
  readonly utilisation: number;
  /** Mean, exponential. */
  readonly readingMinutes: number;
  /** From a study's arrival to its result. */
  readonly modelMinutes: number;
  readonly studies: number;
  readonly seed: number;
  /** Infinity: the list has none. */
  readonly capMinutes: number;
}

export interface Rates {
  readonly sensitivity: number;
  readonly specificity: number;
}

export const USUAL_SHIFT: Shift = {
  prevalence: 0.1,
  utilisation: 0.8,
  readingMinutes: 10,
  modelMinutes: 0.5,
  studies: 100_000,
  seed: 23,
  capMinutes: WAITING_CAP_MS / MS_PER_MINUTE,
};

/** Waits of one order. */
export interface OrderWaits {
  readonly bleeding: Waiting;
  readonly others: Waiting;
  readonly longest: number;
  /** Minutes, ascending, for the chart. */
  readonly ofBleeding: Float64Array;
  readonly ofOthers: Float64Array;
}

export interface SimulatedShift {
  readonly inOrder: OrderWaits;
  readonly triage: OrderWaits;
  /** Readings of a study that came later, while one over the cap waited. */
  readonly passedOver: number;
  /** The queue's formula for the mean waits, without a cap and with a model that answers at once, minutes. */
  readonly formula: { readonly inOrder: number; readonly bleeding: number; readonly others: number };
}

/** What the order of the list does to waits, on the same arrivals first come first served and by triage. */
export function simulateShift(shift: Shift, rates: Rates): SimulatedShift {
  const arrivalsPerHour = (60 * shift.utilisation) / shift.readingMinutes;
  const arrivals = drawArrivals(
    { ...shift, arrivalsPerHour },
    rates,
    shift.prevalence,
    createRandom(shift.seed),
  );
  const { waits, passedOver } = readByTriage(arrivals, shift);
  return {
    inOrder: describeOrder(arrivals, waitsInOrder(arrivals)),
    triage: describeOrder(arrivals, waits),
    passedOver,
    formula: formulaOf(shift, rates, arrivalsPerHour / 60),
  };
}

/** The reader takes the first of the service's own list. */
function readByTriage(arrivals: readonly Arrival[], { modelMinutes, capMinutes }: Shift) {
  const waits = new Float64Array(arrivals.length);
  const waiting = new Map<string, number>();
  const capMs = capMinutes * MS_PER_MINUTE;
  let [next, now, passedOver] = [0, 0, 0];
  for (let read = 0; read < arrivals.length; read++) {
    if (waiting.size === 0) now = Math.max(now, at(arrivals, next).at);
    for (; next < arrivals.length && at(arrivals, next).at <= now; next++) waiting.set(nameOf(next), next);
    const list = [...waiting.values()].map((k) => factsOf(k, at(arrivals, k), now, modelMinutes));
    const first = at(triageOrder(list, now * MS_PER_MINUTE, capMs), 0).study;
    const taken = waiting.get(first) ?? 0;
    waiting.delete(first);
    const came = at(arrivals, taken).at;
    // the map is in order of arrival: the first who is left has waited longest
    const [oldest] = waiting.values();
    if (oldest !== undefined && oldest < taken && now - at(arrivals, oldest).at > capMinutes) passedOver++;
    waits[taken] = now - came;
    now += at(arrivals, taken).reading;
  }
  return { waits, passedOver };
}

/** As wide as the last: texts are compared where all else is equal. */
const nameOf = (k: number): string => String(k).padStart(9, '0');

function factsOf(k: number, { at: came, flagged }: Arrival, now: number, modelMinutes: number): TriageFacts {
  const isThere = now - came >= modelMinutes;
  return {
    study: nameOf(k),
    receivedAtMs: came * MS_PER_MINUTE,
    urgent: false,
    isRead: false,
    // all flagged alike: a model that ranks true positives higher does better than this
    ...(isThere && { finding: { probability: flagged ? 1 : 0, positive: flagged, disagreement: false } }),
  };
}

function describeOrder(arrivals: readonly Arrival[], waits: Float64Array): OrderWaits {
  const opening = openingOf(arrivals.length);
  const of = (bleeding: boolean) =>
    waits.filter((_, k) => k >= opening && arrivals[k]?.bleeding === bleeding).sort();
  const [ofBleeding, ofOthers] = [of(true), of(false)];
  return {
    bleeding: describeWaits(ofBleeding),
    others: describeWaits(ofOthers),
    longest: Math.max(ofBleeding.at(-1) ?? 0, ofOthers.at(-1) ?? 0),
    ofBleeding,
    ofOthers,
  };
}

function formulaOf(
  { prevalence, readingMinutes }: Shift,
  { sensitivity, specificity }: Rates,
  arrivalsPerMinute: number,
): SimulatedShift['formula'] {
  const flagged = prevalence * sensitivity + (1 - prevalence) * (1 - specificity);
  const queue = {
    arrivalsPerMinute,
    meanServiceMinutes: readingMinutes,
    meanSquareMinutes: 2 * readingMinutes ** 2,
  };
  const [inOrder = 0] = meanWaits({ ...queue, shares: [1] });
  const [first = 0, last = 0] = meanWaits({ ...queue, shares: [flagged, 1 - flagged] });
  const mix = (share: number): number => share * first + (1 - share) * last;
  return { inOrder, bleeding: mix(sensitivity), others: mix(1 - specificity) };
}
