import type { DriftFacts } from './facts.ts';
import { STREAMS, type Stream } from './streams.ts';

type Known = { readonly kinds: ReadonlySet<string> } | { readonly low: number; readonly high: number };

/** What the reference period had, of each stream of what comes in. */
export type KnownRange = ReadonlyMap<Stream, Known>;

export const knownRange = (reference: readonly DriftFacts[]): KnownRange =>
  new Map(
    STREAMS.filter(({ side }) => side === 'in').map((stream): [Stream, Known] => [
      stream,
      knownOf(stream, reference),
    ]),
  );

function knownOf(stream: Stream, reference: readonly DriftFacts[]): Known {
  if (stream.kind === 'category')
    return { kinds: new Set(reference.flatMap((facts) => stream.of(facts) ?? [])) };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const facts of reference) {
    const value = stream.of(facts);
    if (value === undefined) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return { low, high };
}

/** In what a study is like none of the reference period, a sentence each: its result is outside of what was checked. */
export function outsideOf(facts: DriftFacts, range: KnownRange): string[] {
  return [...range].flatMap(([stream, known]): string[] => {
    const value = stream.of(facts);
    if (value === undefined) return [];
    if ('kinds' in known)
      return known.kinds.size === 0 || known.kinds.has(String(value))
        ? []
        : [`${stream.text} "${value}" did not occur in the reference period`];
    const number = Number(value);
    if (known.low > known.high || (number >= known.low && number <= known.high)) return [];
    return [
      `${stream.text} is ${number.toPrecision(3)}, in the reference period ${known.low.toPrecision(3)} to ${known.high.toPrecision(3)}`,
    ];
  });
}
