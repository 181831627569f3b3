import { checkFinite, checkSameLength } from './measurement.ts';
import { ascendingOrder } from './order.ts';

/** Scores with their reference, sorted once: what all statistics of ranks and curves take. Frozen by convention. */
export interface RankedScores {
  readonly rows: number;
  readonly positives: number;
  readonly negatives: number;
  /** The given row of each rank, from the smallest score to the largest. */
  readonly order: Uint32Array;
  /** Scores by rank. */
  readonly scores: Float64Array;
  /** 1 where the reference is positive, by rank. */
  readonly positive: Uint8Array;
}

/**
 * Sorts scores with their reference.
 * @param scores one a row; any finite number, larger for positive
 * @param positive the reference, true or 1 where positive
 * @throws RefusedInput `not-a-number`, `unequal-columns`
 */
export function rankScores(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>): RankedScores {
  checkSameLength({ scores, reference: positive });
  checkFinite(scores, 'the score');
  const given = new Float64Array(scores);
  const order = ascendingOrder(given);
  const sorted = new Float64Array(order.length);
  const reference = new Uint8Array(order.length);
  let positives = 0;
  for (let rank = 0; rank < order.length; rank++) {
    const row = order[rank] as number;
    sorted[rank] = given[row] as number;
    if (positive[row]) {
      reference[rank] = 1;
      positives++;
    }
  }
  const negatives = order.length - positives;
  return { rows: order.length, positives, negatives, order, scores: sorted, positive: reference };
}

/** The rank after the last of those that share the score of `start`. */
export function tieEnd(scores: Float64Array, start: number): number {
  let end = start + 1;
  while (end < scores.length && scores[end] === scores[start]) end++;
  return end;
}
