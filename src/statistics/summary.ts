import { checkFinite, type Empty } from './measurement.ts';

/** Mean, standard deviation (n - 1) and range, as in the paper's tables; empty without values. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Empty with one value. */
  readonly standardDeviation: number | Empty;
  readonly least: number;
  readonly most: number;
}

/** Describes values (paper, Tables 1 and 3). */
export function summarise(values: ArrayLike<number>): Summary | Empty {
  checkFinite(values, 'the value');
  const count = values.length;
  if (count === 0) return { empty: 'no values' };
  const given = Array.from(values);
  const mean = given.reduce((sum, value) => sum + value, 0) / count;
  const squares = given.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = count < 2 ? { empty: 'one value only' } : Math.sqrt(squares / (count - 1));
  const [least, most] = given.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  return { count, mean, standardDeviation, least, most };
}

/** The smallest value that at least this share of them does not exceed (nearest rank); NaN where there are none. */
export const nearestRank = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * values.length)) - 1] ?? Number.NaN;
