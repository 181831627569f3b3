/** The distributions, from stdlib: the only file that imports them. */
import regularisedGamma from '@stdlib/math-base-special-gammainc';
import betaQuantileOf from '@stdlib/stats-base-dists-beta-quantile';
import binomialCdfOf from '@stdlib/stats-base-dists-binomial-cdf';
import fCdfOf from '@stdlib/stats-base-dists-f-cdf';
import normalCdfOf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantileOf from '@stdlib/stats-base-dists-normal-quantile';
import tCdfOf from '@stdlib/stats-base-dists-t-cdf';
import tQuantileOf from '@stdlib/stats-base-dists-t-quantile';

/** The value below which the share `p` of a standard normal variable lies. */
export const normalQuantile = (p: number): number => normalQuantileOf(p, 0, 1);

/** The multiple of the standard error that a two-sided interval takes: 1.96 for 0.95. */
export const normalMultiple = (confidence: number): number => normalQuantile(0.5 + confidence / 2);

/** The chance of a standard normal variable at least as far from 0 as z. */
export const normalTwoSided = (z: number): number => 2 * normalCdfOf(-Math.abs(z), 0, 1);

/** Beyond so many degrees of freedom t is the normal to twelve digits, and its own computation fails. */
const NORMAL_FROM = 1e12;

/** Student's t for a two-sided interval. */
export const tMultiple = (confidence: number, degreesOfFreedom: number): number =>
  degreesOfFreedom > NORMAL_FROM
    ? normalMultiple(confidence)
    : tQuantileOf(0.5 + confidence / 2, degreesOfFreedom);

/** The chance of a t at least as far from 0. */
export const tTwoSided = (t: number, degreesOfFreedom: number): number =>
  degreesOfFreedom > NORMAL_FROM ? normalTwoSided(t) : 2 * tCdfOf(-Math.abs(t), degreesOfFreedom);

/** The chance of an F at least as large. */
export const fUpper = (f: number, numerator: number, denominator: number): number =>
  // the lower tail of the reciprocal: 1 - cdf would lose small chances
  f <= 0 ? 1 : fCdfOf(1 / f, denominator, numerator);

/** The chance of a chi-squared at least as large: the upper tail itself, so that small chances keep their digits. */
export const chiSquaredUpper = (x: number, degreesOfFreedom: number): number =>
  x <= 0 ? 1 : regularisedGamma(x / 2, degreesOfFreedom / 2, true, true);

export const betaQuantile = (p: number, alpha: number, beta: number): number =>
  betaQuantileOf(p, alpha, beta);

/** The chance of at most `successes` in `trials`. */
export const binomialCdf = (successes: number, trials: number, probability: number): number =>
  binomialCdfOf(successes, trials, probability);
