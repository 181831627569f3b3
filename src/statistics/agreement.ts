import { at, RefusedInput } from '../base/index.ts';
import { normalMultiple } from './distributions.ts';
import { checkSameLength, type Measurement, withoutInterval } from './measurement.ts';

/** The share of rows on which two raters agree; empty without rows. */
export function percentAgreement(first: ArrayLike<number>, second: ArrayLike<number>): number {
  checkSameLength({ 'the first rater': first, 'the second rater': second });
  let agreed = 0;
  for (let row = 0; row < first.length; row++) if (first[row] === second[row]) agreed++;
  return agreed / first.length;
}

/**
 * Cohen's kappa of two raters with the large-sample standard error (Cohen 1960; Fleiss, Cohen & Everitt, Psychological
 * Bulletin 1969;72:323), as vcd's Kappa.
 * @param first the first rater's category of each row, any integers
 * @param clusters 0 .. of each row: the variance is then of the clusters' sums of linearised values
 * Empty where both use one and the same category throughout: chance agreement is then 1.
 */
export function cohenKappa(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  confidence = 0.95,
  clusters?: ArrayLike<number>,
): Measurement {
  checkSameLength({ 'the first rater': first, 'the second rater': second });
  const rows = first.length;
  if (rows === 0) return { empty: 'no rows' };
  const shares = [first, second].map((ratings) => categoryShares([ratings]));
  const observed = percentAgreement(first, second);
  const shareOf = (rater: number, category: number): number => shares[rater]?.get(category) ?? 0;
  const expected = [...at(shares, 0)].reduce(
    (sum, [category, share]) => sum + share * shareOf(1, category),
    0,
  );
  if (1 - expected < 1e-12) return { empty: 'one category throughout: chance agreement is 1' };
  const value = (observed - expected) / (1 - expected);
  const influence = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b] = [at(first, row), at(second, row)];
    const agreement = (a === b ? 1 : 0) - observed;
    const chance = shareOf(1, a) + shareOf(0, b) - 2 * expected;
    return agreement / (1 - expected) - ((1 - observed) * chance) / (1 - expected) ** 2;
  });
  const variance = clusters
    ? clusterVariance(influence, clusters)
    : influence.reduce((sum, term) => sum + term * term, 0) / rows ** 2;
  return around(value, variance, confidence);
}

/**
 * Fleiss' kappa of any number of raters, all of whom rated every row (Fleiss, Psychological Bulletin 1971;76:378), with
 * Gwet's variance, which holds away from 0 too (Educational and Psychological Measurement 2021;81:781).
 * @param raters [rater][row] category
 */
export function fleissKappa(
  raters: readonly ArrayLike<number>[],
  confidence = 0.95,
  clusters?: ArrayLike<number>,
): Measurement {
  if (raters.length < 2) throw new RefusedInput('too-few-raters', 'agreement needs two raters or more');
  checkSameLength(Object.fromEntries(raters.map((ratings, rater) => [`rater ${rater + 1}`, ratings])));
  const rows = raters[0]?.length ?? 0;
  if (rows === 0) return { empty: 'no rows' };
  const shares = categoryShares(raters);
  const expected = [...shares.values()].reduce((sum, share) => sum + share * share, 0);
  if (1 - expected < 1e-12) return { empty: 'one category throughout: chance agreement is 1' };
  const perRow = Array.from({ length: rows }, (_, row) => rowAgreement(raters, row, shares));
  const observed = perRow.reduce((sum, { agreement }) => sum + agreement, 0) / rows;
  const value = (observed - expected) / (1 - expected);
  if (rows < 2) return { empty: 'one row only: no interval' };
  const influence = Float64Array.from(perRow, ({ agreement, chance }) => {
    const own = (agreement - expected) / (1 - expected);
    return own - (2 * (1 - value) * (chance - expected)) / (1 - expected) - value;
  });
  const variance = clusters
    ? clusterVariance(influence, clusters)
    : influence.reduce((sum, term) => sum + term * term, 0) / rows / (rows - 1);
  return around(value, variance, confidence);
}

/** Pairs of raters that agree on a row, and the mean share of the categories that they chose. */
function rowAgreement(raters: readonly ArrayLike<number>[], row: number, shares: Map<number, number>) {
  const counts = new Map<number, number>();
  for (const ratings of raters) {
    const category = at(ratings, row);
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  let pairs = 0;
  let chance = 0;
  for (const [category, count] of counts) {
    pairs += count * (count - 1);
    chance += (count * (shares.get(category) as number)) / raters.length;
  }
  return { agreement: pairs / raters.length / (raters.length - 1), chance };
}

function categoryShares(raters: readonly ArrayLike<number>[]): Map<number, number> {
  const shares = new Map<number, number>();
  for (const ratings of raters) {
    for (let row = 0; row < ratings.length; row++) {
      const category = at(ratings, row);
      shares.set(category, (shares.get(category) ?? 0) + 1 / (ratings.length * raters.length));
    }
  }
  return shares;
}

/** Variance of a mean of linearised values whose rows come in clusters. */
function clusterVariance(influence: Float64Array, clusters: ArrayLike<number>): number {
  checkSameLength({ rows: influence, clusters });
  const sums = new Map<number, number>();
  for (let row = 0; row < influence.length; row++) {
    const cluster = at(clusters, row);
    sums.set(cluster, (sums.get(cluster) ?? 0) + at(influence, row));
  }
  const squares = [...sums.values()].reduce((sum, part) => sum + part * part, 0);
  return ((sums.size / (sums.size - 1)) * squares) / influence.length ** 2;
}

function around(value: number, variance: number, confidence: number): Measurement {
  if (!Number.isFinite(variance)) return withoutInterval(value, 'all rows are of one patient');
  const standardError = Math.sqrt(variance);
  const reach = normalMultiple(confidence) * standardError;
  return { value, low: Math.max(-1, value - reach), high: Math.min(1, value + reach), standardError };
}
