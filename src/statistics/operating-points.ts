import { type ThresholdPoint, thresholdPoints } from './curves.ts';
import { type Empty, isEmpty } from './measurement.ts';
import type { RankedScores } from './ranked-scores.ts';

/** How an operating point is chosen. */
export type OperatingRule =
  | { readonly rule: 'fixed'; readonly threshold: number }
  | { readonly rule: 'youden' }
  | { readonly rule: 'specificity-at-sensitivity'; readonly sensitivity: number }
  | { readonly rule: 'sensitivity-at-specificity'; readonly specificity: number };

/** A threshold with what it yields on the set that it was chosen on. */
export interface ChosenPoint {
  readonly rule: OperatingRule;
  /** Positive from here on, itself included. */
  readonly threshold: number;
  readonly chosenOn: { readonly sensitivity: number; readonly specificity: number };
}

/** Rounding must not fail a sensitivity of 19 / 20 that was asked for as 0.95. */
const ROUNDING = 1e-12;

/**
 * Chooses a threshold out of the scores that occur; of equals the highest. Its sensitivity and specificity are those
 * of the set it was chosen on: never report them as performance without saying so.
 * Youden, Cancer 1950;3:32: the largest sensitivity + specificity - 1.
 */
export function chooseOperatingPoint(ranked: RankedScores, rule: OperatingRule): ChosenPoint | Empty {
  const points = thresholdPoints(ranked);
  if (isEmpty(points)) return points;
  if (rule.rule === 'fixed') return chosen(rule, rule.threshold, atThreshold(points, rule.threshold));
  const eligible = points.filter((point) => Number.isFinite(point.threshold) && allowed(point, rule));
  const best = eligible.reduce<ThresholdPoint | undefined>(
    (champion, point) =>
      !champion || merit(point, rule) > merit(champion, rule) + ROUNDING ? point : champion,
    undefined,
  );
  return best ? chosen(rule, best.threshold, best) : { empty: `no threshold reaches ${describeRule(rule)}` };
}

/** The rule in words, for tables and the methods paragraph. */
export function describeRule(rule: OperatingRule): string {
  switch (rule.rule) {
    case 'fixed':
      return `a threshold of ${rule.threshold}`;
    case 'youden':
      return 'the largest Youden index';
    case 'specificity-at-sensitivity':
      return `the highest specificity at a sensitivity of at least ${rule.sensitivity}`;
    case 'sensitivity-at-specificity':
      return `the highest sensitivity at a specificity of at least ${rule.specificity}`;
  }
}

function allowed(point: ThresholdPoint, rule: OperatingRule): boolean {
  if (rule.rule === 'specificity-at-sensitivity') return point.sensitivity >= rule.sensitivity - ROUNDING;
  if (rule.rule === 'sensitivity-at-specificity') return point.specificity >= rule.specificity - ROUNDING;
  return true;
}

function merit(point: ThresholdPoint, rule: OperatingRule): number {
  if (rule.rule === 'specificity-at-sensitivity') return point.specificity;
  if (rule.rule === 'sensitivity-at-specificity') return point.sensitivity;
  return point.sensitivity + point.specificity - 1;
}

/** The last point whose threshold is at least the one asked for: the same rows are called positive. */
function atThreshold(points: readonly ThresholdPoint[], threshold: number): ThresholdPoint {
  return points.findLast((point) => point.threshold >= threshold) as ThresholdPoint;
}

function chosen(rule: OperatingRule, threshold: number, point: ThresholdPoint): ChosenPoint {
  return { rule, threshold, chosenOn: { sensitivity: point.sensitivity, specificity: point.specificity } };
}
