import { normalMultiple, normalTwoSided } from './distributions.ts';
import { type Empty, type Estimate, isEmpty, missingClass } from './measurement.ts';
import { type RankedScores, tieEnd } from './ranked-scores.ts';

/**
 * The area under the ROC curve: the share of (positive, negative) pairs in which the positive scores higher, ties
 * counting half (Mann-Whitney; Hanley & McNeil, Radiology 1982;143:29). Empty without positives or negatives.
 */
export function auc(ranked: RankedScores): { readonly value: number } | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives);
  if (missing) return missing;
  const { scores, positive, rows } = ranked;
  let negativesBelow = 0;
  let wins = 0;
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(scores, start);
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += positive[rank] as number;
    const tiedNegatives = end - start - tiedPositives;
    wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
    negativesBelow += tiedNegatives;
  }
  return { value: wins / ranked.positives / ranked.negatives };
}

/**
 * Each given row's placement: for a positive the share of negatives below it, for a negative the share of positives
 * above it, ties counting half. The structural components of DeLong, from one pass over the ranks
 * (Sun & Xu, IEEE Signal Processing Letters 2014;21:1389).
 */
export function placements(ranked: RankedScores): Float64Array {
  const { scores, positive, rows, positives, negatives, order } = ranked;
  const placed = new Float64Array(rows);
  let positivesBelow = 0;
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(scores, start);
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += positive[rank] as number;
    const below = start - positivesBelow + (end - start - tiedPositives) / 2;
    const above = positives - positivesBelow - tiedPositives / 2;
    for (let rank = start; rank < end; rank++) {
      placed[order[rank] as number] = positive[rank] === 1 ? below / negatives : above / positives;
    }
    positivesBelow += tiedPositives;
  }
  return placed;
}

/** An AUC with DeLong's standard error. */
export type DelongEstimate = Estimate & { readonly standardError: number };

/**
 * AUC with DeLong's variance and the normal interval cut at 0 and 1 (DeLong, DeLong & Clarke-Pearson, Biometrics
 * 1988;44:837), as pROC's ci.auc. Rows are taken as independent: for slices of patients see `clusteredAuc`.
 * A perfect separation has variance 0, and its interval has no width: say so beside it. Empty with fewer than two
 * positives or negatives.
 */
export function delong(ranked: RankedScores, confidence = 0.95): DelongEstimate | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives) ?? tooFew(ranked);
  if (missing) return missing;
  const value = (auc(ranked) as { value: number }).value;
  return withNormalInterval(value, Math.sqrt(placementVariance(ranked, value)), confidence, 0, 1);
}

/** The diagonal of `placementCovariances` in one pass over the ranks: nothing is kept by row. */
function placementVariance(ranked: RankedScores, area: number): number {
  const { scores, positive, rows, positives, negatives } = ranked;
  let [ofPositives, ofNegatives, positivesBelow] = [0, 0, 0];
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(scores, start);
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += positive[rank] as number;
    const tiedNegatives = end - start - tiedPositives;
    const below = (start - positivesBelow + tiedNegatives / 2) / negatives;
    const above = (positives - positivesBelow - tiedPositives / 2) / positives;
    ofPositives += tiedPositives * (below - area) ** 2;
    ofNegatives += tiedNegatives * (above - area) ** 2;
    positivesBelow += tiedPositives;
  }
  return ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
}

/** Two AUCs on the same rows, their difference and its test. */
export interface PairedDelong {
  readonly first: DelongEstimate;
  readonly second: DelongEstimate;
  /** First minus second. */
  readonly difference: Estimate;
  readonly z: number;
  readonly p: number;
}

/**
 * DeLong's test between two AUCs on the same rows (as pROC's roc.test, paired).
 * Empty where DeLong is, or where the difference has no variance (equal rankings).
 */
export function pairedDelong(
  first: RankedScores,
  second: RankedScores,
  confidence = 0.95,
): PairedDelong | Empty {
  const one = delong(first, confidence);
  const two = delong(second, confidence);
  if (isEmpty(one)) return one;
  if (isEmpty(two)) return two;
  const [[v1, shared], [, v2]] = placementCovariances([first, second]) as [
    [number, number],
    [number, number],
  ];
  const standardError = Math.sqrt(Math.max(0, v1 + v2 - 2 * shared));
  // rounding leaves about 1e-9 where the rankings agree
  if (standardError < 1e-8) return { empty: 'the two rank all rows alike: their difference has no variance' };
  const difference = withNormalInterval(one.value - two.value, standardError, confidence, -1, 1);
  const z = difference.value / standardError;
  return { first: one, second: two, difference, z, p: normalTwoSided(z) };
}

/**
 * DeLong's covariance matrix of the AUCs of several rankings of the same rows.
 * @returns [ranking][ranking]
 */
export function placementCovariances(rankings: readonly RankedScores[]): number[][] {
  const placed = rankings.map(placements);
  const isPositive = referenceByRow(rankings[0] as RankedScores);
  const groups = [1, 0].map((reference) => {
    const means = placed.map((values) => meanWhere(values, isPositive, reference));
    return (i: number, j: number) =>
      covarianceOfMeans(placed[i]!, placed[j]!, means[i]!, means[j]!, isPositive, reference);
  });
  return placed.map((_, i) => placed.map((__, j) => groups.reduce((sum, group) => sum + group(i, j), 0)));
}

/** The reference in the order in which the rows were given. */
export function referenceByRow(ranked: RankedScores): Uint8Array {
  const given = new Uint8Array(ranked.rows);
  for (let rank = 0; rank < ranked.rows; rank++) {
    given[ranked.order[rank] as number] = ranked.positive[rank] as number;
  }
  return given;
}

function meanWhere(values: Float64Array, isPositive: Uint8Array, reference: number): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (isPositive[row] !== reference) continue;
    sum += values[row] as number;
    count++;
  }
  return sum / count;
}

function covarianceOfMeans(
  a: Float64Array,
  b: Float64Array,
  meanA: number,
  meanB: number,
  isPositive: Uint8Array,
  reference: number,
): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < a.length; row++) {
    if (isPositive[row] !== reference) continue;
    sum += ((a[row] as number) - meanA) * ((b[row] as number) - meanB);
    count++;
  }
  return sum / (count - 1) / count;
}

function tooFew({ positives, negatives }: RankedScores): Empty | undefined {
  if (positives >= 2 && negatives >= 2) return undefined;
  return { empty: `a variance needs 2 positives and 2 negatives, not ${positives} and ${negatives}` };
}

/** value +- z * standard error, cut to where the quantity can lie. */
export function withNormalInterval(
  value: number,
  standardError: number,
  confidence: number,
  least: number,
  most: number,
): DelongEstimate {
  const reach = normalMultiple(confidence) * standardError;
  return {
    value,
    standardError,
    low: Math.max(least, value - reach),
    high: Math.min(most, value + reach),
  };
}
