import { at, RefusedInput } from '../base/index.ts';
import { chiSquaredUpper, fUpper, normalMultiple, tMultiple, tTwoSided } from './distributions.ts';
import type { Empty, Estimate } from './measurement.ts';

/** What several readers reached under several treatments, with the errors' covariances. */
export interface ReaderStudy {
  /** [treatment][reader], an AUC or another figure of merit. */
  readonly merits: readonly (readonly number[])[];
  /** The covariance of the merits' errors, treatment by treatment and in it reader by reader: [t * r][t * r]. */
  readonly covariance: readonly (readonly number[])[];
}

/** The error variances and covariances that Obuchowski and Rockette average over the readers. */
export interface ErrorCovariances {
  readonly variance: number;
  /** Same reader, different treatments. */
  readonly cov1: number;
  /** Different readers, same treatment. */
  readonly cov2: number;
  /** Different readers, different treatments. */
  readonly cov3: number;
}

/** A test of equal treatments, and the intervals of their differences. */
export interface ReaderTest {
  readonly statistic: number;
  readonly numeratorDegrees: number;
  /** Infinity for fixed readers: a chi-squared over its degrees of freedom. */
  readonly denominatorDegrees: number;
  readonly p: number;
  /** Of each pair of treatments, the first less the second, in the order (0,1), (0,2), ... */
  readonly differences: readonly (Estimate & { readonly first: number; readonly second: number })[];
}

export interface ObuchowskiRockette {
  readonly treatmentMeans: readonly number[];
  readonly meanSquares: { readonly treatment: number; readonly reader: number; readonly interaction: number };
  readonly errors: ErrorCovariances;
  /** Holds for other readers and other cases. */
  readonly randomReaders: ReaderTest | Empty;
  /** Holds for these readers and other cases. */
  readonly fixedReaders: ReaderTest | Empty;
}

/**
 * Obuchowski and Rockette's analysis of a factorial reader study (Communications in Statistics 1995;24:285) with
 * Hillis's degrees of freedom (Statistics in Medicine 2007;26:596; 2014;33:330, for fixed readers).
 */
export function obuchowskiRockette(study: ReaderStudy, confidence = 0.95): ObuchowskiRockette {
  const { merits } = study;
  const treatments = merits.length;
  const readers = merits[0]?.length ?? 0;
  checkStudy(study, treatments, readers);
  const treatmentMeans = merits.map(mean);
  const readerMeans = Array.from({ length: readers }, (_, j) => mean(merits.map((row) => at(row, j))));
  const meanSquares = squares(merits, treatmentMeans, readerMeans);
  const errors = averageCovariances(study.covariance, treatments, readers);
  const { variance, cov1, cov2, cov3 } = errors;
  const cases = Math.max(readers * (cov2 - cov3), 0);
  const noise = meanSquares.interaction + cases;
  const interactionDegrees = (treatments - 1) * (readers - 1);
  const randomDegrees = (noise * noise) / (meanSquares.interaction ** 2 / interactionDegrees);
  // not cut at 0, as Hillis's own software (MRMCaov)
  const fixedNoise = variance - cov1 + (readers - 1) * (cov2 - cov3);
  const shape = { treatmentMeans, readers, treatment: meanSquares.treatment, confidence };
  return {
    treatmentMeans,
    meanSquares,
    errors,
    randomReaders: noise > 0 ? readerTest(shape, noise, randomDegrees) : NO_ERROR,
    fixedReaders: fixedNoise > 0 ? readerTest(shape, fixedNoise, Infinity) : NO_ERROR,
  };
}

const NO_ERROR: Empty = Object.freeze({ empty: 'the differences have no variance' });

interface TestShape {
  readonly treatmentMeans: readonly number[];
  readonly readers: number;
  readonly treatment: number;
  readonly confidence: number;
}

function readerTest(shape: TestShape, noise: number, denominatorDegrees: number): ReaderTest {
  const { treatmentMeans, readers, treatment, confidence } = shape;
  const numeratorDegrees = treatmentMeans.length - 1;
  const statistic = treatment / noise;
  const standardError = Math.sqrt((2 / readers) * noise);
  const reach = tMultiple(confidence, denominatorDegrees) * standardError;
  const differences = treatmentMeans.flatMap((one, first) =>
    treatmentMeans.slice(first + 1).map((two, k) => {
      const value = one - two;
      return { first, second: first + 1 + k, value, standardError, low: value - reach, high: value + reach };
    }),
  );
  const p =
    denominatorDegrees === Infinity
      ? chiSquaredUpper(statistic * numeratorDegrees, numeratorDegrees)
      : fUpper(statistic, numeratorDegrees, denominatorDegrees);
  return { statistic, numeratorDegrees, denominatorDegrees, p, differences };
}

/** A model, which has no reader variance, against the mean of several readers. */
export interface ModelAgainstReaders {
  /** Model less the readers' mean: for other readers and cases. */
  readonly randomReaders:
    | (Estimate & { readonly t: number; readonly degreesOfFreedom: number; readonly p: number })
    | Empty;
  /** For these readers and other cases. */
  readonly fixedReaders: (Estimate & { readonly z: number; readonly p: number }) | Empty;
}

/**
 * A model against several readers on the same cases: Obuchowski and Rockette's one-treatment analysis of each reader's
 * difference from the model (Hillis, Obuchowski & Berbaum, Academic Radiology 2011;18:129), with Hillis's degrees of
 * freedom.
 * @param merits the model's, then each reader's
 * @param covariance of their errors, in that order
 */
export function modelAgainstReaders(
  merits: readonly number[],
  covariance: readonly (readonly number[])[],
  confidence = 0.95,
): ModelAgainstReaders {
  const readers = merits.length - 1;
  checkStudy({ merits: [merits], covariance }, 1, merits.length);
  const [model, ...ofReaders] = merits as [number, ...number[]];
  const differences = ofReaders.map((merit) => model - merit);
  const at = (i: number, j: number): number => covariance[i]?.[j] as number;
  // covariance of (model - reader i) with (model - reader j)
  const ofPair = (i: number, j: number): number => at(0, 0) - at(0, j + 1) - at(i + 1, 0) + at(i + 1, j + 1);
  const value = mean(differences);
  const pairs = ordered(readers).filter(([i, j]) => i !== j);
  const cov2 = mean(pairs.map(([i, j]) => ofPair(i, j)));
  const variance = mean(
    ordered(readers)
      .filter(([i, j]) => i === j)
      .map(([i, j]) => ofPair(i, j)),
  );
  const readerSquare = differences.reduce((sum, d) => sum + (d - value) ** 2, 0) / (readers - 1);
  const noise = readerSquare + readers * Math.max(cov2, 0);
  const degreesOfFreedom = (noise * noise) / (readerSquare ** 2 / (readers - 1));
  const fixedNoise = variance + (readers - 1) * Math.max(cov2, 0);
  return {
    randomReaders:
      noise > 0 ? tInterval(value, Math.sqrt(noise / readers), degreesOfFreedom, confidence) : NO_ERROR,
    fixedReaders: fixedNoise > 0 ? zInterval(value, Math.sqrt(fixedNoise / readers), confidence) : NO_ERROR,
  };
}

function tInterval(value: number, standardError: number, degreesOfFreedom: number, confidence: number) {
  const reach = tMultiple(confidence, degreesOfFreedom) * standardError;
  const t = value / standardError;
  const p = tTwoSided(t, degreesOfFreedom);
  return { value, standardError, low: value - reach, high: value + reach, t, degreesOfFreedom, p };
}

function zInterval(value: number, standardError: number, confidence: number) {
  const reach = normalMultiple(confidence) * standardError;
  const z = value / standardError;
  return { value, standardError, low: value - reach, high: value + reach, z, p: tTwoSided(z, Infinity) };
}

function squares(
  merits: readonly (readonly number[])[],
  treatmentMeans: readonly number[],
  readerMeans: readonly number[],
) {
  const [t, r] = [treatmentMeans.length, readerMeans.length];
  const grand = mean(treatmentMeans);
  const spread = (means: readonly number[]): number => means.reduce((sum, m) => sum + (m - grand) ** 2, 0);
  const interaction = merits.reduce(
    (sum, row, i) =>
      sum +
      row.reduce(
        (own, merit, j) => own + (merit - at(treatmentMeans, i) - at(readerMeans, j) + grand) ** 2,
        0,
      ),
    0,
  );
  return {
    treatment: (r * spread(treatmentMeans)) / (t - 1),
    reader: (t * spread(readerMeans)) / (r - 1),
    interaction: interaction / ((t - 1) * (r - 1)),
  };
}

function averageCovariances(
  covariance: readonly (readonly number[])[],
  treatments: number,
  readers: number,
): ErrorCovariances {
  const sums = { variance: 0, cov1: 0, cov2: 0, cov3: 0 };
  const counts = { variance: 0, cov1: 0, cov2: 0, cov3: 0 };
  for (const [a, b] of ordered(treatments * readers)) {
    const sameTreatment = Math.floor(a / readers) === Math.floor(b / readers);
    const sameReader = a % readers === b % readers;
    const kind = sameTreatment ? (sameReader ? 'variance' : 'cov2') : sameReader ? 'cov1' : 'cov3';
    sums[kind] += covariance[a]?.[b] as number;
    counts[kind]++;
  }
  const average = (kind: keyof ErrorCovariances): number => sums[kind] / counts[kind];
  return {
    variance: average('variance'),
    cov1: average('cov1'),
    cov2: average('cov2'),
    cov3: average('cov3'),
  };
}

/** All ordered pairs (i, j) below a number. */
function ordered(count: number): [number, number][] {
  return Array.from({ length: count * count }, (_, k) => [Math.floor(k / count), k % count]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function checkStudy(study: ReaderStudy, treatments: number, columns: number): void {
  const size = treatments * columns;
  const square = study.covariance.length === size && study.covariance.every((row) => row.length === size);
  if (treatments >= 1 && columns >= (treatments === 1 ? 3 : 2) && square) return;
  throw new RefusedInput(
    'reader-study-too-small',
    `a reader study needs two readers or more under each treatment and a covariance for each pair of merits; ${treatments} x ${columns} merits and ${study.covariance.length} rows of covariances were given`,
  );
}
