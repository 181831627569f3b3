import type { WeightedStatistics } from './bootstrap.ts';
import { checkSameLength } from './measurement.ts';
import { type RankedScores, tieEnd } from './ranked-scores.ts';

/**
 * Ranked rows laid out for replicates: from the highest score down, in steps that each end with the positives of one
 * distinct score; the negatives of all scores above that one stand first, then the negatives that tie with it.
 */
export interface RankedSteps {
  /** The cluster of each row, in the order of the steps. */
  readonly clusters: Uint16Array | Uint32Array;
  /** [step][end of negatives above, end of tied negatives, end of positives]. */
  readonly ends: Uint32Array;
}

/**
 * AUC and average precision of replicates: rows are sorted once, and a replicate is one linear pass in which each row
 * counts as often as its cluster was drawn.
 * @param clusters 0 .. number - 1 of each given row's cluster, in the rows' given order
 */
export function rankingStatistics(
  ranked: RankedScores,
  clusters: ArrayLike<number>,
): WeightedStatistics<'auc' | 'averagePrecision'> {
  checkSameLength({ scores: ranked.scores, clusters });
  const steps = layOutSteps(ranked, clusters);
  return (weights) => walk(steps, weights);
}

/** @param clusters of each given row, in the rows' given order */
export function layOutSteps(ranked: RankedScores, clusters: ArrayLike<number>): RankedSteps {
  const { rows, scores, positive, order } = ranked;
  // a mirrored copy turns "from the highest down" into plain ascending ties
  const descending = scores.toReversed().map((score) => -score);
  // Half as wide where it suffices: replicates wait for memory
  const laid = mostCluster(clusters) < 65_536 ? new Uint16Array(rows) : new Uint32Array(rows);
  const ends: number[] = [];
  let filled = 0;
  const append = (start: number, end: number, kind: number): number => {
    for (let rank = start; rank < end; rank++) {
      const source = rows - 1 - rank;
      if (positive[source] === kind) laid[filled++] = clusters[order[source] as number] as number;
    }
    return filled;
  };
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(descending, start);
    const above = filled;
    const tied = append(start, end, 0);
    const full = append(start, end, 1);
    // scores that no positive has only lengthen the next step's negatives
    if (full > tied) ends.push(above, tied, full);
  }
  if (filled > (ends.at(-1) ?? 0)) ends.push(filled, filled, filled);
  return { clusters: laid, ends: Uint32Array.from(ends) };
}

export function mostCluster(clusters: ArrayLike<number>): number {
  let most = 0;
  for (let row = 0; row < clusters.length; row++) most = Math.max(most, clusters[row]!);
  return most;
}

function walk(
  { clusters, ends }: RankedSteps,
  weights: Uint16Array,
): { auc: number; averagePrecision: number } {
  let positives = 0;
  let negatives = 0;
  let losses = 0;
  let precision = 0;
  let row = 0;
  for (let step = 0; step < ends.length; step += 3) {
    for (const end = ends[step] as number; row < end; row++) negatives += weights[clusters[row]!]!;
    let tied = 0;
    for (const end = ends[step + 1] as number; row < end; row++) tied += weights[clusters[row]!]!;
    let gained = 0;
    for (const end = ends[step + 2] as number; row < end; row++) gained += weights[clusters[row]!]!;
    losses += gained * (negatives + tied / 2);
    negatives += tied;
    positives += gained;
    if (gained > 0) precision += (gained * positives) / (positives + negatives);
  }
  // without positives or negatives both are 0 / 0: NaN, which replicates drop
  return {
    auc: 1 - losses / positives / negatives,
    averagePrecision: negatives === 0 ? Number.NaN : precision / positives,
  };
}
