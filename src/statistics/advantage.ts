import { at, createRandom } from '../base/index.ts';
import { type BootstrapInterval, percentileInterval } from './bootstrap.ts';
import { checkSameLength, type Empty, missingClass } from './measurement.ts';
import { type RankedScores, tieEnd } from './ranked-scores.ts';

/** What one draw weighs: each patient, and the imagined rows that stand for what a small sample did not show. */
export interface AdvantageWeights {
  /** By cluster. */
  readonly patients: ArrayLike<number>;
  /** A negative below all scores. */
  readonly lowest: number;
  /** Negatives that the reader calls, and leaves. */
  readonly falseAlarm: number;
  readonly trueNegative: number;
  /** Positives that the reader calls, and leaves. */
  readonly found: number;
  readonly missed: number;
}

/** Steps of the model's ROC curve, from the highest score down; a step ends with the negatives of one score. */
interface Step {
  /** Clusters of the positives above the negatives, of those that tie with them, and of the negatives. */
  readonly above: readonly number[];
  readonly tied: readonly number[];
  readonly negatives: readonly number[];
}

/**
 * A model's sensitivity at a reader's specificity less the reader's sensitivity, of weighted rows. The model's curve is
 * taken halfway between the empirical one and the straight lines between its negatives.
 * @param decisions the reader's, 1 where positive, in the rows' given order
 * @param clusters 0 .. number - 1 of each given row's cluster
 */
export function weightedAdvantage(
  ranked: RankedScores,
  decisions: ArrayLike<number>,
  clusters: ArrayLike<number>,
): (weights: AdvantageWeights) => number {
  checkSameLength({ scores: ranked.scores, decisions, clusters });
  const { steps, rest } = stepsOf(ranked, clusters);
  const reader = readerClusters(ranked, decisions, clusters);
  return (weights) => {
    const sum = (of: readonly number[]): number =>
      of.reduce((total, cluster) => total + at(weights.patients, cluster), 0);
    const [alarms, quiet, found, missed] = reader.map(sum) as [number, number, number, number];
    const negatives = alarms + quiet;
    const positives = found + missed;
    const { lowest, falseAlarm, trueNegative } = weights;
    const rate = (alarms + falseAlarm) / (negatives + falseAlarm + trueNegative);
    const own = (found + weights.found) / (positives + weights.found + weights.missed);
    const sought = rate * (negatives + lowest);
    let [passed, called] = [0, 0];
    for (const step of steps) {
      const [above, tied, width] = [sum(step.above), sum(step.tied), sum(step.negatives)];
      if (passed + width > sought) {
        const share = (sought - passed) / width;
        const straight = called + (above + tied) * share;
        const empirical = called + above + tied * share;
        return (straight + empirical) / 2 / positives - own;
      }
      passed += width;
      called += above + tied;
    }
    const share = lowest === 0 ? 1 : (sought - passed) / lowest;
    return (called + (sum(rest) * (share + 1)) / 2) / positives - own;
  };
}

function stepsOf(ranked: RankedScores, clusters: ArrayLike<number>): { steps: Step[]; rest: number[] } {
  const { rows, scores, positive, order } = ranked;
  const ascending: Step[] = [];
  // from the lowest score up: the positives above a step's negatives are met after them
  let above: number[] = [];
  const rest = above;
  for (let start = 0, end = 0; start < rows; start = end) {
    end = tieEnd(scores, start);
    const ranks = Array.from({ length: end - start }, (_, k) => start + k);
    const of = (kind: number) =>
      ranks.filter((rank) => positive[rank] === kind).map((rank) => at(clusters, at(order, rank)));
    const [negatives, positives] = [of(0), of(1)];
    if (negatives.length === 0) {
      for (const cluster of positives) above.push(cluster);
      continue;
    }
    above = [];
    ascending.push({ above, tied: positives, negatives });
  }
  return { steps: ascending.reverse(), rest };
}

/** Clusters of the negatives that the reader calls and leaves, and of such positives. */
function readerClusters(ranked: RankedScores, decisions: ArrayLike<number>, clusters: ArrayLike<number>) {
  const kinds: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const [rank, row] of ranked.order.entries()) {
    const kind = (ranked.positive[rank] === 1 ? 2 : 0) + (at(decisions, row) === 1 ? 0 : 1);
    at(kinds, kind).push(at(clusters, row));
  }
  return kinds;
}

/** How a reader's advantage is drawn. */
export interface AdvantageDraws {
  readonly replicates: number;
  readonly seed: number;
  readonly confidence: number;
}

/**
 * The interval of a model's sensitivity at a reader's specificity less the reader's, by the Bayesian bootstrap (Rubin,
 * Annals of Statistics 1981;9:130): each patient weighs an exponential. A reader who raises one false alarm, or none, may
 * raise more elsewhere, and scores of negatives reach beyond those seen: rates take Jeffreys' half rows, the curve one
 * negative more. Resampling alone knows neither, and covers 82% of 95% at a specificity of 0.99 of 105 negatives.
 * @param value of the rows as they are, which the interval takes in
 */
export function advantageInterval(
  value: number,
  ranked: RankedScores,
  decisions: ArrayLike<number>,
  clusters: ArrayLike<number>,
  { replicates, seed, confidence }: AdvantageDraws,
): BootstrapInterval | Empty {
  const missing = missingClass(ranked.positives, ranked.negatives);
  if (missing) return missing;
  const advantage = weightedAdvantage(ranked, decisions, clusters);
  const [perPositive, perNegative] = rowsPerCluster(ranked, clusters);
  const count = 1 + Array.from(ranked.order).reduce((most, row) => Math.max(most, at(clusters, row)), 0);
  const root = createRandom(seed);
  const drawn = Float64Array.from({ length: replicates }, (_, replicate) => {
    const random = root.fork(`draw ${replicate}`);
    const one = (): number => -Math.log(1 - random.uniform());
    const half = (): number => random.normal() ** 2 / 2;
    return advantage({
      patients: Float64Array.from({ length: count }, one),
      lowest: perNegative * one(),
      falseAlarm: perNegative * half(),
      trueNegative: perNegative * half(),
      found: perPositive * half(),
      missed: perPositive * half(),
    });
  });
  const interval = percentileInterval(value, drawn, confidence);
  if ('empty' in interval) return interval;
  return { ...interval, low: Math.min(interval.low, value), high: Math.max(interval.high, value) };
}

/** Positives of each cluster that has some, on average, and negatives. */
function rowsPerCluster(ranked: RankedScores, clusters: ArrayLike<number>): [number, number] {
  const own = [new Set<number>(), new Set<number>()] as const;
  for (const [rank, row] of ranked.order.entries())
    (ranked.positive[rank] === 1 ? own[0] : own[1]).add(at(clusters, row));
  return [ranked.positives / own[0].size, ranked.negatives / own[1].size];
}
