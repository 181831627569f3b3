import { createRandom, type Random } from '../base/index.ts';

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

/** Minutes from arrival to the start of the reading, over the studies with hemorrhage. */
export interface Waiting {
  readonly mean: number;
  readonly median: number;
  readonly ninetieth: number;
}

export interface TriageResult {
  readonly prevalence: number;
  readonly inOrder: Waiting;
  readonly withModel: Waiting;
  /** The mean wait of studies without hemorrhage, which pay for it. */
  readonly othersInOrder: number;
  readonly othersWithModel: number;
}

interface Arrival {
  readonly at: number;
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
  const arrivals = drawArrivals(room, model, prevalence, createRandom(seed));
  const inOrder = waits(arrivals, false, room.modelMinutes);
  const withModel = waits(arrivals, true, room.modelMinutes);
  const of = (all: Float64Array, bleeding: boolean): number[] =>
    Array.from(all).filter((_, k) => arrivals[k]?.bleeding === bleeding);
  return {
    prevalence,
    inOrder: describe(of(inOrder, true)),
    withModel: describe(of(withModel, true)),
    othersInOrder: describe(of(inOrder, false)).mean,
    othersWithModel: describe(of(withModel, false)).mean,
  };
}

function drawArrivals(
  room: ReadingRoom,
  model: { readonly sensitivity: number; readonly specificity: number },
  prevalence: number,
  random: Random,
): Arrival[] {
  const exponential = (mean: number): number => -mean * Math.log(1 - random.uniform());
  let at = 0;
  return Array.from({ length: room.studies }, () => {
    at += exponential(60 / room.arrivalsPerHour);
    const bleeding = random.chance(prevalence);
    const flagged = random.chance(bleeding ? model.sensitivity : 1 - model.specificity);
    return { at, reading: exponential(room.readingMinutes), bleeding, flagged };
  });
}

/** Minutes that each study waits. */
function waits(arrivals: readonly Arrival[], withModel: boolean, modelMinutes: number): Float64Array {
  const waited = new Float64Array(arrivals.length);
  const waiting: number[] = [];
  let next = 0;
  let now = 0;
  for (let read = 0; read < arrivals.length; read++) {
    if (waiting.length === 0) now = Math.max(now, (arrivals[next] as Arrival).at);
    while (next < arrivals.length && (arrivals[next] as Arrival).at <= now) waiting.push(next++);
    const first = withModel
      ? Math.max(
          0,
          waiting.findIndex((k) => isFlagged(arrivals[k] as Arrival, now, modelMinutes)),
        )
      : 0;
    const [taken] = waiting.splice(first, 1) as [number];
    waited[taken] = now - (arrivals[taken] as Arrival).at;
    now += (arrivals[taken] as Arrival).reading;
  }
  return waited;
}

const isFlagged = (arrival: Arrival, now: number, modelMinutes: number): boolean =>
  arrival.flagged && now - arrival.at >= modelMinutes;

function describe(minutes: number[]): Waiting {
  const sorted = minutes.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const mean = sorted.reduce((sum, minute) => sum + minute, 0) / sorted.length;
  return { mean, median: at(0.5), ninetieth: at(0.9) };
}
