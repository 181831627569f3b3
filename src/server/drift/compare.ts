import {
  benjaminiHochberg,
  chiSquared,
  isEmpty,
  kolmogorovSmirnov,
  summarise,
} from '../../statistics/index.ts';
import type { DriftFacts } from './facts.ts';
import { STREAMS, type Stream } from './streams.ts';

/** One stream of the recent studies against the reference period. */
export interface StreamFinding {
  readonly name: string;
  readonly side: 'in' | 'out';
  readonly referenceStudies: number;
  readonly recentStudies: number;
  /** Absent where there are too few values, with the reason in `text`. */
  readonly p?: number;
  /** Among the streams of its side, by Benjamini and Hochberg. */
  readonly adjustedP?: number;
  readonly alarm: boolean;
  /** What was found, in a sentence. */
  readonly text: string;
}

/** Of alarms on one side, so many are false on average; low, since it is looked again and again. */
const FALSE_DISCOVERIES = 0.002;
/** Fewer values say too little. */
const FEWEST_RECENT = 50;
const FEWEST_OF_REFERENCE = 100;
/** Kinds that are rarer than this in the recent studies are taken together (Cochran's rule). */
const FEWEST_EXPECTED = 5;

interface Tested {
  readonly stream: Stream;
  readonly counts: Pick<StreamFinding, 'referenceStudies' | 'recentStudies'>;
  readonly p?: number;
  readonly text: string;
}

/** Every stream: numbers by Kolmogorov and Smirnov, kinds by chi-squared, each side with its rate of false discoveries. */
export function compareStreams(
  reference: readonly DriftFacts[],
  recent: readonly DriftFacts[],
): StreamFinding[] {
  const tested = STREAMS.map((stream) => test(stream, reference, recent));
  return (['in', 'out'] as const).flatMap((side) => {
    const own = tested.filter(({ stream }) => stream.side === side);
    const known = own.flatMap(({ p }) => (p === undefined ? [] : [p]));
    const adjusted = benjaminiHochberg(known);
    return own.map(({ stream: { name }, counts, p, text }): StreamFinding => {
      if (p === undefined) return { name, side, ...counts, alarm: false, text };
      const adjustedP = adjusted[known.indexOf(p)] ?? 1;
      return { name, side, ...counts, p, adjustedP, alarm: adjustedP < FALSE_DISCOVERIES, text };
    });
  });
}

function test(stream: Stream, reference: readonly DriftFacts[], recent: readonly DriftFacts[]): Tested {
  if (stream.kind === 'number') {
    const [before, now] = [valuesOf(stream.of, reference), valuesOf(stream.of, recent)];
    return few(stream, before, now) ?? { stream, ...testNumbers(stream.text, before, now) };
  }
  const [before, now] = [valuesOf(stream.of, reference), valuesOf(stream.of, recent)];
  return few(stream, before, now) ?? { stream, ...testKinds(stream.text, before, now) };
}

const valuesOf = <T>(of: (facts: DriftFacts) => T | undefined, studies: readonly DriftFacts[]): T[] =>
  studies.flatMap((facts) => of(facts) ?? []);

const countsOf = (before: readonly unknown[], now: readonly unknown[]) => ({
  referenceStudies: before.length,
  recentStudies: now.length,
});

function few(stream: Stream, before: readonly unknown[], now: readonly unknown[]): Tested | undefined {
  if (before.length >= FEWEST_OF_REFERENCE && now.length >= FEWEST_RECENT) return undefined;
  const text = `${stream.text}: ${now.length} recent values and ${before.length} of the reference period, at least ${FEWEST_RECENT} and ${FEWEST_OF_REFERENCE} are needed`;
  return { stream, counts: countsOf(before, now), text };
}

function testNumbers(text: string, before: readonly number[], now: readonly number[]) {
  const found = kolmogorovSmirnov(before, now);
  const of = (values: readonly number[]): string => {
    const found = summarise(values);
    if (isEmpty(found)) return found.empty;
    const { mean, standardDeviation: deviation } = found;
    return `${mean.toPrecision(3)}${typeof deviation === 'number' ? ` ± ${deviation.toPrecision(3)}` : ''}`;
  };
  return {
    counts: countsOf(before, now),
    ...(!isEmpty(found) && { p: found.p }),
    text: `${text}: ${of(now)} in recent studies, ${of(before)} in the reference period`,
  };
}

function testKinds(text: string, before: readonly string[], now: readonly string[]) {
  const kinds = [...new Set([...before, ...now])].sort();
  const count = (values: readonly string[], kind: string): number =>
    values.filter((value) => value === kind).length;
  const rows = kinds.map((kind) => ({ kind, before: count(before, kind), now: count(now, kind) }));
  const expected = (row: { before: number; now: number }): number =>
    ((row.before + row.now) * now.length) / (before.length + now.length);
  const rare = rows.filter((row) => expected(row) < FEWEST_EXPECTED);
  const sum = (side: 'before' | 'now'): number => rare.reduce((total, row) => total + row[side], 0);
  const table = [...rows.filter((row) => !rare.includes(row)), { before: sum('before'), now: sum('now') }];
  const found = chiSquared(table.map((row) => [row.before, row.now]));
  const share = (row: { before: number; now: number }): number =>
    Math.abs(row.now / now.length - row.before / before.length);
  const [most] = rows.toSorted((a, b) => share(b) - share(a));
  return {
    counts: countsOf(before, now),
    // one kind on both sides is no shift
    p: isEmpty(found) ? 1 : found.p,
    text: `${text}: "${most?.kind}" in ${most?.now} of ${now.length} recent studies, in ${most?.before} of ${before.length} of the reference period`,
  };
}
