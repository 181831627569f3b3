import { at } from '../base/index.ts';
import { tTwoSided } from './distributions.ts';
import type { ObuchowskiRockette, ReaderTest } from './multi-reader.ts';

/** Variances between readers that a reader study estimates besides those of its errors. */
export interface ReaderVariances {
  readonly readers: number;
  /** How differently the readers gain by a treatment. */
  readonly interaction: number;
}

/**
 * Variance components of a factorial reader study, from its mean squares and covariances; none is below 0 (Hillis, Berbaum
 * & Metz, Academic Radiology 2008;15:647).
 */
export function readerVariances({
  meanSquares,
  errors,
  treatmentMeans,
}: Pick<ObuchowskiRockette, 'meanSquares' | 'errors' | 'treatmentMeans'>): ReaderVariances {
  const { reader, interaction } = meanSquares;
  const { variance, cov1, cov2, cov3 } = errors;
  return {
    readers: Math.max(0, (reader - interaction) / treatmentMeans.length - cov1 + cov3),
    interaction: Math.max(0, interaction - variance + cov1 + Math.max(0, cov2 - cov3)),
  };
}

/** One difference of a reader study, tested. */
export interface TestedDifference {
  readonly t: number;
  /** Two-sided, of no difference. */
  readonly p: number;
}

/** The test of one pair of treatments, by t with the degrees of freedom of the study. */
export function testDifference(
  difference: ReaderTest['differences'][number],
  degreesOfFreedom: number,
): TestedDifference {
  const t = difference.value / (difference.standardError ?? Number.NaN);
  return { t, p: tTwoSided(t, degreesOfFreedom) };
}

/**
 * The one-sided p of a difference that is worse than the margin allows: small where the first is not inferior by as much
 * (Chen, Petrick & Sahiner, Academic Radiology 2012;19:1158).
 */
export function notInferiorP(
  { value, standardError = Number.NaN }: { readonly value: number; readonly standardError?: number },
  margin: number,
  degreesOfFreedom: number,
): number {
  const t = (value + margin) / standardError;
  const half = tTwoSided(t, degreesOfFreedom) / 2;
  return t > 0 ? half : 1 - half;
}

/**
 * The covariance matrix of the means of several columns over the same rows, which come in clusters (Obuchowski, Statistics
 * in Medicine 1998;17:1495): of sensitivities the decisions on the positives.
 * @param columns [source][row]
 * @returns [source][source], NaN with one cluster
 */
export function meanCovariances(
  columns: readonly ArrayLike<number>[],
  clusters: ArrayLike<number>,
): number[][] {
  const rows = clusters.length;
  const sizes = new Map<number, number>();
  for (const cluster of Array.from(clusters)) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const deviations = columns.map((column) => {
    const mean = Array.from(column).reduce((sum, value) => sum + value, 0) / rows;
    const own = new Map([...sizes].map(([cluster, size]) => [cluster, -size * mean]));
    for (const [row, value] of Array.from(column).entries())
      own.set(at(clusters, row), (own.get(at(clusters, row)) ?? 0) + value);
    return [...own.values()];
  });
  const scale = sizes.size / (sizes.size - 1) / rows / rows;
  return deviations.map((one) =>
    deviations.map((two) => scale * one.reduce((sum, value, k) => sum + value * at(two, k), 0)),
  );
}
