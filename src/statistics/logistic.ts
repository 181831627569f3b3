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
    slope: options.fixedSlope ?? 1,
  };
  let here = evaluateAt(covariate, targets, state);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const inverse = invert(here, options);
    if (!inverse) return SEPARATED;
    const step: readonly [number, number] = [
      inverse[0][0] * here.s0 + inverse[0][1] * here.s1,
      inverse[1][0] * here.s0 + inverse[1][1] * here.s1,
    ];
    const size = Math.abs(step[0]) + Math.abs(step[1]);
    if (size < 1e-11 * (1 + Math.abs(state.slope) + Math.abs(state.intercept))) {
      return { ...state, covariance: covarianceOf(covariate, targets, state, inverse, options) };
    }
    let scale = 1;
    let next = moved(state, step, scale);
    let there = evaluateAt(covariate, targets, next);
    // a sum over many rows is not more exact than this
    while (there.deviance > here.deviance * (1 + 1e-9) && scale > 1e-6) {
      scale /= 2;
      next = moved(state, step, scale);
      there = evaluateAt(covariate, targets, next);
    }
    state = next;
    here = there;
    const runaway = Math.abs(state.slope) > RUNAWAY || Math.abs(state.intercept) > RUNAWAY;
    if (runaway || here.deviance < 1e-9) return SEPARATED;
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

/** The deviance, the score and the information at a line. */
interface Likelihood {
  readonly deviance: number;
  readonly s0: number;
  readonly s1: number;
  readonly i00: number;
  readonly i01: number;
  readonly i11: number;
}

function evaluateAt(x: ArrayLike<number>, targets: ArrayLike<number>, line: Line): Likelihood {
  let [loss, s0, s1, i00, i01, i11] = [0, 0, 0, 0, 0, 0];
  const { intercept, slope } = line;
  for (let row = 0; row < x.length; row++) {
    const value = x[row] as number;
    const target = targets[row] as number;
    const logit = intercept + slope * value;
    // one exponential that cannot overflow serves the probability and log(1 + exp(logit))
    const small = Math.exp(-Math.abs(logit));
    const p = logit >= 0 ? 1 / (1 + small) : small / (1 + small);
    loss += Math.max(logit, 0) + Math.log1p(small) - target * logit;
    const residual = target - p;
    const weight = p * (1 - p);
    s0 += residual;
    s1 += residual * value;
    i00 += weight;
    i01 += weight * value;
    i11 += weight * value * value;
  }
  return { deviance: 2 * loss, s0, s1, i00, i01, i11 };
}

/** The inverse of the information of the coefficients that are fitted, 0 for those that are held. */
function invert({ i00, i01, i11 }: Likelihood, options: LogisticOptions): Matrix | undefined {
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
  inverse: Matrix,
  { clusters }: LogisticOptions,
): Matrix {
  if (!clusters) return inverse;
  return product(product(inverse, clusterMeat(x, targets, line, clusters)), inverse);
}

/** The sum over clusters of their scores' outer products, times clusters / (clusters - 1). */
function clusterMeat(
  x: ArrayLike<number>,
  targets: ArrayLike<number>,
  line: Line,
  clusters: ArrayLike<number>,
): Matrix {
  let count = 0;
  for (let row = 0; row < x.length; row++) count = Math.max(count, (clusters[row] as number) + 1);
  // [cluster][intercept's score, slope's score, rows]
  const sums = new Float64Array(3 * count);
  for (let row = 0; row < x.length; row++) {
    const residual = (targets[row] as number) - sigmoid(line.intercept + line.slope * (x[row] as number));
    const place = 3 * (clusters[row] as number);
    sums[place]! += residual;
    sums[place + 1]! += residual * (x[row] as number);
    sums[place + 2]!++;
  }
  let occupied = 0;
  for (let cluster = 0; cluster < count; cluster++) if (sums[3 * cluster + 2]! > 0) occupied++;
  const meat: Matrix = [
    [0, 0],
    [0, 0],
  ];
  const factor = occupied / (occupied - 1);
  for (let cluster = 0; cluster < count; cluster++) {
    const [a, b] = [sums[3 * cluster] as number, sums[3 * cluster + 1] as number];
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
