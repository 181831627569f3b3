import { at, createRandom, type Random } from '../../base/index.ts';

/** A reading room: how studies come, how long a reading takes. */
export interface ReadingRoom {
  /** Mean arrivals an hour, as a Poisson process. */
  readonly arrivalsPerHour: number;
  /** Mean minutes of a reading, exponential. */
  readonly readingMinutes: number;
  /** The model's own minutes before a study can be moved up. */
  readonly modelMinutes: number;
  readonly studies: number;
}

/** Minutes from arrival to the start of the reading. */
export interface Waiting {
  readonly mean: number;
  readonly median: number;
  readonly ninetieth: number;
}

export interface TriageResult {
  readonly prevalence: number;
  /** Of all studies: the order does not know who bleeds. */
  readonly inOrder: Waiting;
  readonly withModel: Waiting;
  /** The mean wait of studies without hemorrhage, which pay for it. */
  readonly othersWithModel: number;
  /** Of the mean wait in order, minutes. */
  readonly standardError: number;
}

export interface Arrival {
  /** Minutes from the room's opening. */
  readonly at: number;
  /** Minutes that its reading takes. */
  readonly reading: number;
  readonly bleeding: boolean;
  readonly flagged: boolean;
}

/**
 * One reader, first come first served, against the same arrivals with flagged studies first (a non-preemptive priority
 * queue): the wait until the first look at a study with hemorrhage.
 */
export function simulateTriage(
  room: ReadingRoom,
  model: { readonly sensitivity: number; readonly specificity: number },
  prevalence: number,
  seed: number,
): TriageResult {
  const all = drawArrivals(room, model, prevalence, createRandom(seed));
  const opening = openingOf(all.length);
  const waited = (flaggedFirst: boolean) => waits(all, flaggedFirst, room.modelMinutes).slice(opening);
  const [inOrder, withModel] = [waited(false), waited(true)];
  const of = (bleeding: boolean): Float64Array =>
    withModel.filter((_, k) => all[opening + k]?.bleeding === bleeding);
  return {
    prevalence,
    inOrder: describeWaits(inOrder),
    withModel: describeWaits(of(true)),
    othersWithModel: describeWaits(of(false)).mean,
    standardError: standardErrorOf(inOrder),
  };
}

const OPENING_SHARE = 0.05;

/** So many of the first studies are left out: the room opens empty, and they wait less than others ever will. */
export const openingOf = (studies: number): number => Math.floor(OPENING_SHARE * studies);

/** Long enough each to know little of each other. */
const BATCHES = 20;

/** Of a mean whose neighbours are alike, by the means of batches (Law, Simulation Modeling and Analysis, 9.5.3). */
function standardErrorOf(minutes: Float64Array): number {
  const size = Math.floor(minutes.length / BATCHES);
  const means = Array.from({ length: BATCHES }, (_, k) => {
    const batch = minutes.subarray(k * size, (k + 1) * size);
    return batch.reduce((sum, minute) => sum + minute, 0) / size;
  });
  const mean = means.reduce((sum, one) => sum + one, 0) / BATCHES;
  const squares = means.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return Math.sqrt(squares / (BATCHES - 1) / BATCHES);
}

/** Poisson arrivals with exponential readings; whether each bleeds, and whether the model flags it. */
export function drawArrivals(
  room: ReadingRoom,
  model: { readonly sensitivity: number; readonly specificity: number },
  prevalence: number,
  random: Random,
): Arrival[] {
  // Times of their own: at every prevalence the same studies come and take as long
  const [times, patients] = [random.fork('times'), random.fork('patients')];
  const exponential = (mean: number): number => -mean * Math.log(1 - times.uniform());
  let at = 0;
  return Array.from({ length: room.studies }, () => {
    at += exponential(60 / room.arrivalsPerHour);
    const bleeding = patients.chance(prevalence);
    const flagged = patients.chance(bleeding ? model.sensitivity : 1 - model.specificity);
    return { at, reading: exponential(room.readingMinutes), bleeding, flagged };
  });
}

/** Minutes that each study waits, first come first served. */
export const waitsInOrder = (arrivals: readonly Arrival[]): Float64Array => waits(arrivals, false, 0);

/** Minutes that each study waits. */
function waits(arrivals: readonly Arrival[], withModel: boolean, modelMinutes: number): Float64Array {
  const waited = new Float64Array(arrivals.length);
  const waiting: number[] = [];
  let next = 0;
  let now = 0;
  for (let read = 0; read < arrivals.length; read++) {
    if (waiting.length === 0) now = Math.max(now, at(arrivals, next).at);
    while (next < arrivals.length && at(arrivals, next).at <= now) waiting.push(next++);
    const first = withModel
      ? Math.max(
          0,
          waiting.findIndex((k) => isFlagged(at(arrivals, k), now, modelMinutes)),
        )
      : 0;
    const [taken] = waiting.splice(first, 1) as [number];
    waited[taken] = now - at(arrivals, taken).at;
    now += at(arrivals, taken).reading;
  }
  return waited;
}

const isFlagged = (arrival: Arrival, now: number, modelMinutes: number): boolean =>
  arrival.flagged && now - arrival.at >= modelMinutes;

/** Mean, median and 90th percentile. */
export function describeWaits(minutes: Float64Array): Waiting {
  const sorted = minutes.toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const mean = sorted.reduce((sum, minute) => sum + minute, 0) / sorted.length;
  return { mean, median: at(0.5), ninetieth: at(0.9) };
}
