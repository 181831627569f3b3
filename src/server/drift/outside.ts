import { z } from 'zod';
import type { ResultFacts } from '../../archive/index.ts';
import type { DriftFacts } from './facts.ts';
import { STREAMS, type Stream } from './streams.ts';

const knownSchema = z.union([
  z.object({ kinds: z.array(z.string()) }),
  z.object({ low: z.number(), high: z.number() }),
]);
type Known = z.infer<typeof knownSchema>;

/** What the reference period had, of each stream of what comes in, by its name; none where no study had a value. */
const knownRangeSchema = z.record(z.string(), knownSchema);
export type KnownRange = z.infer<typeof knownRangeSchema>;

/** What puts results outside of what was checked, as data: workers elsewhere hold theirs to it. */
export const stopRuleSchema = z.object({
  range: knownRangeSchema,
  /** Why all results are, a sentence each: the recent studies as a whole differ. */
  recent: z.array(z.string()),
});
export type StopRule = z.infer<typeof stopRuleSchema>;

export const knownRange = (reference: readonly DriftFacts[]): KnownRange =>
  Object.fromEntries(
    STREAMS.filter(({ side }) => side === 'in').flatMap((stream): [string, Known][] => {
      const known = knownOf(stream, reference);
      return known === undefined ? [] : [[stream.name, known]];
    }),
  );

function knownOf(stream: Stream, reference: readonly DriftFacts[]): Known | undefined {
  if (stream.kind === 'category') {
    const kinds = new Set(reference.flatMap((facts) => stream.of(facts) ?? []));
    return kinds.size === 0 ? undefined : { kinds: [...kinds] };
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const facts of reference) {
    const value = stream.of(facts);
    if (value === undefined) continue;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return low > high ? undefined : { low, high };
}

/** In what a study is like none of the reference period, a sentence each: its result is outside of what was checked. */
export function outsideOf(facts: DriftFacts, range: KnownRange): string[] {
  return STREAMS.flatMap((stream): string[] => {
    const [value, known] = [stream.of(facts), range[stream.name]];
    if (value === undefined || known === undefined) return [];
    if ('kinds' in known)
      return known.kinds.includes(String(value))
        ? []
        : [`${stream.text} "${value}" did not occur in the reference period`];
    const number = Number(value);
    if (number >= known.low && number <= known.high) return [];
    return [
      `${stream.text} is ${number.toPrecision(3)}, in the reference period ${known.low.toPrecision(3)} to ${known.high.toPrecision(3)}`,
    ];
  });
}

/** As outsideOf, of a study that was just predicted, and with what holds for all. */
export const outsideByRule = (seen: ResultFacts['seen'], { range, recent }: StopRule): string[] => [
  ...outsideOf({ ...seen, study: '', endedAt: '' }, range),
  ...recent,
];
