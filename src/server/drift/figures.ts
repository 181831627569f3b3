import type { DriftFacts } from './facts.ts';
import { STREAMS, type Stream } from './streams.ts';

/** How the values of a stream lie, as shares of the studies that have one. */
export interface StreamFigure {
  readonly name: string;
  readonly text: string;
  /** Kinds, or where each bin of numbers begins. */
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly recent: readonly number[];
}

const BINS = 12;
/** Rarer ones are taken together. */
const MOST_KINDS = 7;

export const figuresOf = (
  reference: readonly DriftFacts[],
  recent: readonly DriftFacts[],
): readonly StreamFigure[] => STREAMS.map((stream) => figureOf(stream, reference, recent));

function figureOf(
  stream: Stream,
  reference: readonly DriftFacts[],
  recent: readonly DriftFacts[],
): StreamFigure {
  const { name, text } = stream;
  const places =
    stream.kind === 'number'
      ? binned(valuesOf(stream.of, reference), valuesOf(stream.of, recent))
      : sorted(valuesOf(stream.of, reference), valuesOf(stream.of, recent));
  const { labels, before, now } = places;
  return { name, text, labels, reference: shares(before, labels.length), recent: shares(now, labels.length) };
}

const valuesOf = <T>(of: (facts: DriftFacts) => T | undefined, studies: readonly DriftFacts[]): T[] =>
  studies.flatMap((facts) => of(facts) ?? []);

interface Places {
  readonly labels: readonly string[];
  /** Number of the label of each value. */
  readonly before: readonly number[];
  readonly now: readonly number[];
}

function binned(before: readonly number[], now: readonly number[]): Places {
  const all = [...before, ...now].sort((a, b) => a - b);
  const [low = 0, high = 0] = [all[0], all.at(-1)];
  const width = (high - low) / BINS || 1;
  const binOf = (value: number): number => Math.min(BINS - 1, Math.floor((value - low) / width));
  const labels = Array.from({ length: BINS }, (_, i) => String(Number((low + i * width).toPrecision(3))));
  return { labels, before: before.map(binOf), now: now.map(binOf) };
}

function sorted(before: readonly string[], now: readonly string[]): Places {
  const counts = [...Map.groupBy([...before, ...now], (kind) => kind)].map(
    ([kind, values]) => [kind, values.length] as const,
  );
  const kinds = counts.sort((a, b) => b[1] - a[1]).map(([kind]) => kind);
  const own = kinds.slice(0, MOST_KINDS);
  const labels = kinds.length > own.length ? [...own, 'others'] : own;
  const placeOf = (kind: string): number => {
    const found = own.indexOf(kind);
    return found === -1 ? own.length : found;
  };
  return { labels, before: before.map(placeOf), now: now.map(placeOf) };
}

function shares(places: readonly number[], length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  return counts.map((count) => (places.length === 0 ? 0 : count / places.length));
}
