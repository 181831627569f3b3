import { at } from '../base/index.ts';
import { type Empty, missingClass } from './measurement.ts';
import { type RankedScores, tieEnd } from './ranked-scores.ts';

/** What calling positive from `threshold` on (itself included) yields. */
export interface ThresholdPoint {
  /** A score that occurs, or Infinity where nothing is called positive. */
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly sensitivity: number;
  readonly specificity: number;
  /** 1 where nothing is called positive, as scikit-learn's curve starts. */
  readonly precision: number;
}

/**
 * One point for each distinct score, from calling nothing positive to calling all so (Fawcett, Pattern Recognition Letters
 * 2006;27:861). Empty without both classes.
 * @param most of more points, every n-th and the last
 */
export function thresholdPoints(
  ranked: RankedScores,
  most = Number.POSITIVE_INFINITY,
): readonly ThresholdPoint[] | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives);
  if (missing) return missing;
  const { scores, positive, rows, positives, negatives } = ranked;
  const ascending: ThresholdPoint[] = [];
  const last = distinctScores(ranked);
  const step = Math.ceil((last + 1) / most) || 1;
  let positivesBelow = 0;
  for (let start = 0, end = 0, place = last; start < rows; start = end, place--) {
    end = tieEnd(scores, start);
    if (place % step === 0 || place === last) {
      const truePositives = positives - positivesBelow;
      const falsePositives = negatives - (start - positivesBelow);
      ascending.push(point(at(scores, start), truePositives, falsePositives, positives, negatives));
    }
    for (let rank = start; rank < end; rank++) positivesBelow += at(positive, rank);
  }
  return [point(Infinity, 0, 0, positives, negatives), ...ascending.reverse()];
}

function distinctScores({ scores, rows }: RankedScores): number {
  let count = 0;
  for (let start = 0; start < rows; start = tieEnd(scores, start)) count++;
  return count;
}

function point(
  threshold: number,
  truePositives: number,
  falsePositives: number,
  positives: number,
  negatives: number,
): ThresholdPoint {
  return {
    threshold,
    truePositives,
    falsePositives,
    sensitivity: truePositives / positives,
    specificity: 1 - falsePositives / negatives,
    precision:
      truePositives === 0 && falsePositives === 0 ? 1 : truePositives / (truePositives + falsePositives),
  };
}

/**
 * Average precision: the sum over distinct scores, from the highest down, of precision times the recall gained, with
 * no interpolation (Buckley & Voorhees, SIGIR 2000:33; ties as scikit-learn's average_precision_score). Empty without positives or negatives.
 */
export function averagePrecision(ranked: RankedScores): { readonly value: number } | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives);
  if (missing) return missing;
  const { scores, positive, rows, positives } = ranked;
  let positivesBelow = 0;
  let sum = 0;
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(scores, start);
    const truePositives = positives - positivesBelow;
    let gained = 0;
    for (let rank = start; rank < end; rank++) gained += at(positive, rank);
    sum += gained * (truePositives / (rows - start));
    positivesBelow += gained;
  }
  return { value: sum / positives };
}
