import { at } from '../base/index.ts';
import { checkFinite, type Empty } from './measurement.ts';

export interface KolmogorovSmirnov {
  /** The largest distance between the two distribution functions. */
  readonly statistic: number;
  /** Two-sided, by the limiting distribution. */
  readonly p: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov (Smirnov, Bulletin of Moscow University 1939;2:3), as R's
 * ks.test(x, y, exact = FALSE). With ties its p is too large rather than too small. Empty without values on either side.
 */
export function kolmogorovSmirnov(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): KolmogorovSmirnov | Empty {
  for (const values of [one, other]) checkFinite(values, 'the value');
  if (one.length === 0 || other.length === 0) return { empty: 'no values on one side' };
  const [x, y] = [Float64Array.from(one).sort(), Float64Array.from(other).sort()];
  let [i, j, statistic] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const next = Math.min(at(x, i), at(y, j));
    while (i < x.length && x[i] === next) i++;
    while (j < y.length && y[j] === next) j++;
    statistic = Math.max(statistic, Math.abs(i / x.length - j / y.length));
  }
  const effective = (x.length * y.length) / (x.length + y.length);
  return { statistic, p: limitingUpper(Math.sqrt(effective) * statistic) };
}

/** Where the two series change over; each needs a few terms on its side (Marsaglia, Tsang and Wang, J Stat Softw 2003;8(18)). */
const SMALL = 1;
const TERMS = 20;

/** The chance of more than `z` under Kolmogorov's limiting distribution. */
function limitingUpper(z: number): number {
  if (z <= 0) return 1;
  let sum = 0;
  if (z < SMALL) {
    for (let k = 1; k <= TERMS; k++) sum += Math.exp(-((2 * k - 1) ** 2 * Math.PI ** 2) / (8 * z * z));
    return 1 - (Math.sqrt(2 * Math.PI) / z) * sum;
  }
  for (let k = 1; k <= TERMS; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * z * z);
  return 2 * sum;
}
