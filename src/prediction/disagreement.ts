import type { Findings } from './findings.ts';

/** How the two answers of the two-type network may contradict each other, by what reaches the operating point. */
export const DISAGREEMENTS = ['slices-above', 'subject-above'] as const;

export interface Disagreement {
  /** `slices-above`: slices reach the operating point, the subject does not; `subject-above`: the reverse. */
  readonly kind: (typeof DISAGREEMENTS)[number];
  /** Those to look at, indexes from inferior to superior: all above, or where none is, the most probable. */
  readonly slices: readonly number[];
}

/** How many slices to look at where none reaches the operating point. */
const MOST_PROBABLE = 3;

/**
 * Whether the subject lies below its operating point while a slice lies at or above it, or the reverse; undefined
 * where they agree, and for a model that says nothing of single slices.
 */
export function disagreementOf({ subject, slices, operatingPoint }: Findings): Disagreement | undefined {
  const probabilities = slices.map(({ anyHemorrhage }) => anyHemorrhage ?? 0);
  if (!slices.some(({ anyHemorrhage }) => anyHemorrhage !== undefined)) return undefined;
  const above = [...probabilities.entries()].filter(([, value]) => value >= operatingPoint);
  const isPositive = (subject.anyHemorrhage ?? 0) >= operatingPoint;
  if (isPositive === above.length > 0) return undefined;
  if (!isPositive) return { kind: 'slices-above', slices: above.map(([slice]) => slice) };
  const fallingProbability = [...probabilities.entries()].sort(([, a], [, b]) => b - a);
  const first = fallingProbability.slice(0, MOST_PROBABLE).map(([slice]) => slice);
  return { kind: 'subject-above', slices: first.sort((a, b) => a - b) };
}
