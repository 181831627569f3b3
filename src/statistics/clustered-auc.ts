import { dot } from '../base/index.ts';
import {
  auc,
  type DelongEstimate,
  type PairedDelong,
  placements,
  referenceByRow,
  withNormalInterval,
} from './auc.ts';
import { normalTwoSided } from './distributions.ts';
import { checkSameLength, type Empty, isEmpty } from './measurement.ts';
import type { RankedScores } from './ranked-scores.ts';

interface ClusterSums {
  /** Sums of placements less the AUC, per cluster. */
  readonly positive: Float64Array;
  readonly negative: Float64Array;
  /** Clusters with at least one row of the kind. */
  readonly withPositives: number;
  readonly withNegatives: number;
}

/**
 * AUC of rows that come in clusters (slices of patients), its variance from the clusters' sums of placements, normal
 * interval cut at 0 and 1 (Obuchowski, Biometrics 1997;53:567, equations 2 to 6). With one row a cluster it is DeLong.
 * @param clusters 0 .. number - 1 of each given row's cluster, in the rows' given order
 * Empty with fewer than two clusters that hold positives, or negatives.
 */
export function clusteredAuc(
  ranked: RankedScores,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): DelongEstimate | Empty {
  checkSameLength({ scores: ranked.scores, clusters });
  const area = auc(ranked);
  if (isEmpty(area)) return area;
  const sums = clusterSums(ranked, clusters, area.value);
  const missing = tooFewClusters(sums);
  if (missing) return missing;
  const variance = covarianceOf(sums, sums, ranked);
  // the covariance term can outweigh the variances in tiny samples
  if (variance < 0) return { empty: 'the clustered variance comes out negative: too few patients' };
  return withNormalInterval(area.value, Math.sqrt(variance), confidence, 0, 1);
}

/**
 * The covariance matrix of the AUCs of several rankings of the same clustered rows (Obuchowski 1997, equation 7); with
 * one row a cluster DeLong's.
 * @returns [ranking][ranking]
 */
export function clusteredCovariances(
  rankings: readonly RankedScores[],
  clusters: ArrayLike<number>,
): number[][] | Empty {
  const sums: ClusterSums[] = [];
  for (const ranked of rankings) {
    checkSameLength({ scores: ranked.scores, clusters });
    const area = auc(ranked);
    if (isEmpty(area)) return area;
    sums.push(clusterSums(ranked, clusters, area.value));
  }
  const missing = sums[0] && tooFewClusters(sums[0]);
  if (missing) return missing;
  return sums.map((one) => sums.map((two) => covarianceOf(one, two, rankings[0] as RankedScores)));
}

/** The test between two AUCs of the same clustered rows (Obuchowski 1997): DeLong's with variances by cluster. */
export function pairedClusteredAuc(
  first: RankedScores,
  second: RankedScores,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): PairedDelong | Empty {
  const one = clusteredAuc(first, clusters, confidence);
  const two = clusteredAuc(second, clusters, confidence);
  if (isEmpty(one)) return one;
  if (isEmpty(two)) return two;
  const covariances = clusteredCovariances([first, second], clusters);
  if (isEmpty(covariances)) return covariances;
  const [[v1, shared], [, v2]] = covariances as [[number, number], [number, number]];
  const standardError = Math.sqrt(Math.max(0, v1 + v2 - 2 * shared));
  // rounding leaves about 1e-9 where the rankings agree
  if (standardError < 1e-8) return { empty: 'their difference has no variance by patient' };
  const difference = withNormalInterval(one.value - two.value, standardError, confidence, -1, 1);
  const z = difference.value / standardError;
  return { first: one, second: two, difference, z, p: normalTwoSided(z) };
}

function tooFewClusters({ withPositives, withNegatives }: ClusterSums): Empty | undefined {
  if (withPositives >= 2 && withNegatives >= 2) return undefined;
  return {
    empty: `a variance needs 2 patients with positives and 2 with negatives, not ${withPositives} and ${withNegatives}`,
  };
}

/** Of two AUCs on the same rows; of one with itself its variance. */
function covarianceOf(one: ClusterSums, two: ClusterSums, ranked: RankedScores): number {
  const { withPositives: i10, withNegatives: i01 } = one;
  const all = one.positive.length;
  const { positives: m, negatives: n } = ranked;
  return (
    ((i10 / (i10 - 1)) * dot(one.positive, two.positive)) / m / m +
    ((i01 / (i01 - 1)) * dot(one.negative, two.negative)) / n / n +
    ((all / (all - 1)) * (dot(one.positive, two.negative) + dot(two.positive, one.negative))) / m / n
  );
}

function clusterSums(ranked: RankedScores, clusters: ArrayLike<number>, area: number): ClusterSums {
  const placed = placements(ranked);
  const isPositive = referenceByRow(ranked);
  let count = 0;
  for (let row = 0; row < ranked.rows; row++) count = Math.max(count, (clusters[row] as number) + 1);
  const sums = [new Float64Array(count), new Float64Array(count)] as const;
  const seen = [new Uint8Array(count), new Uint8Array(count)] as const;
  for (let row = 0; row < ranked.rows; row++) {
    const reference = isPositive[row] as 0 | 1;
    const cluster = clusters[row] as number;
    sums[reference][cluster]! += (placed[row] as number) - area;
    seen[reference][cluster] = 1;
  }
  const total = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);
  const occupied = seen[0].map((flag, cluster) => flag | (seen[1][cluster] as number));
  const kept = (values: Float64Array): Float64Array => values.filter((_, cluster) => occupied[cluster] === 1);
  return {
    positive: kept(sums[1]),
    negative: kept(sums[0]),
    withPositives: total(seen[1]),
    withNegatives: total(seen[0]),
  };
}
