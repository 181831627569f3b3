import { checkSameLength, type Empty } from './measurement.ts';

/** A logistic regression on one covariate. */
export interface LogisticFit {
  readonly intercept: number;
  readonly slope: number;
  /** Of [intercept, slope], from the information matrix, or from clusters where they were given: [2][2]. */
  readonly covariance: readonly [readonly [number, number], readonly [number, number]];
}

export interface LogisticOptions {
  /** Holds the slope: only the intercept is fitted. */
  readonly fixedSlope?: number;
  /** Holds the intercept: only the slope is fitted. */
  readonly fixedIntercept?: number;
  /** Clusters 0 .. of the rows: the covariance is then the sandwich by cluster (Liang & Zeger, Biometrika 1986;73:13). */
  readonly clusters?: ArrayLike<number>;
}

const ITERATIONS = 100;
/** Beyond this a coefficient is running off to infinity. */
const RUNAWAY = 1e4;

/**
 * Maximum likelihood by Newton's method with halved steps (McCullagh & Nelder 1989, chapter 4), as R's glm(binomial).
 * @param targets 0..1, the reference or a smoothed one
 * @returns empty where classes are separated and no finite fit exists
 */
export function fitLogistic(
  covariate: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: LogisticOptions = {},
): LogisticFit | Empty {
  checkSameLength({ covariate, targets });
  let state = {
    intercept: options.fixedIntercept ?? 0,
    slope: options.fixedSlope ?? (options.fixedIntercept === undefined ? 0 : 1),
  };
  let deviance = devianceOf(covariate, targets, state.intercept, state.slope);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = newtonStep(covariate, targets, state, options);
    if (!step) return SEPARATED;
    let scale = 1;
    let next = moved(state, step, scale);
    let reached = devianceOf(covariate, targets, next.intercept, next.slope);
    while (reached > deviance * (1 + 1e-12) && scale > 1e-6) {
      scale /= 2;
      next = moved(state, step, scale);
      reached = devianceOf(covariate, targets, next.intercept, next.slope);
    }
    state = next;
    deviance = reached;
    if (Math.abs(state.slope) > RUNAWAY || Math.abs(state.intercept) > RUNAWAY || deviance < 1e-9)
      return SEPARATED;
    if (
      Math.abs(step[0]) + Math.abs(step[1]) <
      1e-12 * (1 + Math.abs(state.slope) + Math.abs(state.intercept))
    ) {
      return { ...state, covariance: covarianceOf(covariate, targets, state, options) };
    }
  }
  return SEPARATED;
}

const SEPARATED: Empty = Object.freeze({ empty: 'the classes are separated: no finite fit exists' });

type Line = { readonly intercept: number; readonly slope: number };
type Matrix = [[number, number], [number, number]];

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

function moved(state: Line, step: readonly [number, number], scale: number): Line {
  return { intercept: state.intercept + scale * step[0], slope: state.slope + scale * step[1] };
}

function devianceOf(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  intercept: number,
  slope: number,
): number {
  let sum = 0;
  for (let row = 0; row < x.length; row++) {
    const logit = intercept + slope * (x[row] as number);
    // log(1 + exp(logit)) without overflow
    sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (targets[row] as number) * logit;
  }
  return 2 * sum;
}

/** The score and the information matrix at a line. */
function scoreAndInformation(x: ArrayLike<number>, targets: ArrayLike<number>, line: Line) {
  let [s0, s1, i00, i01, i11] = [0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const value = x[row] as number;
    const p = sigmoid(line.intercept + line.slope * value);
    const residual = (targets[row] as number) - p;
    const weight = p * (1 - p);
    s0 += residual;
    s1 += residual * value;
    i00 += weight;
    i01 += weight * value;
    i11 += weight * value * value;
  }
  return { s0, s1, i00, i01, i11 };
}

function newtonStep(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  line: Line,
  options: LogisticOptions,
): readonly [number, number] | undefined {
  const { s0, s1, i00, i01, i11 } = scoreAndInformation(x, targets, line);
  const inverse = invert(i00, i01, i11, options);
  if (!inverse) return undefined;
  return [inverse[0][0] * s0 + inverse[0][1] * s1, inverse[1][0] * s0 + inverse[1][1] * s1];
}

/** The inverse of the information of the coefficients that are fitted, 0 for those that are held. */
function invert(i00: number, i01: number, i11: number, options: LogisticOptions): Matrix | undefined {
  const held = { slope: options.fixedSlope !== undefined, intercept: options.fixedIntercept !== undefined };
  if (held.slope)
    return i00 > 0
      ? [
          [1 / i00, 0],
          [0, 0],
        ]
      : undefined;
  if (held.intercept)
    return i11 > 0
      ? [
          [0, 0],
          [0, 1 / i11],
        ]
      : undefined;
  const determinant = i00 * i11 - i01 * i01;
  if (!(determinant > 1e-14 * i00 * i11)) return undefined;
  return [
    [i11 / determinant, -i01 / determinant],
    [-i01 / determinant, i00 / determinant],
  ];
}

function covarianceOf(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  line: Line,
  options: LogisticOptions,
): Matrix {
  const { i00, i01, i11 } = scoreAndInformation(x, targets, line);
  const bread = invert(i00, i01, i11, options) as Matrix;
  if (!options.clusters) return bread;
  return product(product(bread, clusterMeat(x, targets, line, options.clusters)), bread);
}

/** The sum over clusters of their scores' outer products, times clusters / (clusters - 1). */
function clusterMeat(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  line: Line,
  clusters: ArrayLike<number>,
): Matrix {
  const sums = new Map<number, [number, number]>();
  for (let row = 0; row < x.length; row++) {
    const sum = sums.get(clusters[row] as number) ?? [0, 0];
    const residual = (targets[row] as number) - sigmoid(line.intercept + line.slope * (x[row] as number));
    sum[0] += residual;
    sum[1] += residual * (x[row] as number);
    sums.set(clusters[row] as number, sum);
  }
  const meat: Matrix = [
    [0, 0],
    [0, 0],
  ];
  const factor = sums.size / (sums.size - 1);
  for (const [a, b] of sums.values()) {
    meat[0][0] += factor * a * a;
    meat[0][1] += factor * a * b;
    meat[1][0] += factor * a * b;
    meat[1][1] += factor * b * b;
  }
  return meat;
}

function product(a: Matrix, b: Matrix): Matrix {
  const cell = (i: 0 | 1, j: 0 | 1): number => a[i][0] * b[0][j] + a[i][1] * b[1][j];
  return [
    [cell(0, 0), cell(0, 1)],
    [cell(1, 0), cell(1, 1)],
  ];
}
