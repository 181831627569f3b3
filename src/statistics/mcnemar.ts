import { binomialCdf, chiSquaredUpper } from './distributions.ts';
import type { TestResult } from './hypothesis-tests.ts';
import { checkSameLength, type Empty, type Estimate, isEmpty } from './measurement.ts';
import { wilson } from './proportion.ts';

/** Two paired decisions: rows on which only the first, or only the second, is right. */
export interface McNemar {
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided, exact (binomial): the one to report. */
  readonly exactP: number;
  /** With continuity correction, as R's mcnemar.test; empty without discordant rows. */
  readonly corrected: TestResult | Empty;
  /** First minus second share of right rows, Newcombe's interval. */
  readonly difference: Estimate;
}

/**
 * McNemar's test of two decisions on the same rows (Psychometrika 1947;12:153), and the difference of their shares with
 * Newcombe's method 10 (Statistics in Medicine 1998;17:2635).
 * @param first 1 where the first is right: among positives, where it calls positive
 * Rows are independent: for slices resample patients. Empty without rows.
 */
export function mcNemar(
  first: ArrayLike<number | boolean>,
  second: ArrayLike<number | boolean>,
  confidence = 0.95,
): McNemar | Empty {
  checkSameLength({ first, second });
  if (first.length === 0) return { empty: 'no rows' };
  let [both, onlyFirst, onlySecond] = [0, 0, 0];
  for (let row = 0; row < first.length; row++) {
    if (first[row] && second[row]) both++;
    else if (first[row]) onlyFirst++;
    else if (second[row]) onlySecond++;
  }
  const discordant = onlyFirst + onlySecond;
  const tail = binomialCdf(Math.min(onlyFirst, onlySecond), discordant, 0.5);
  return {
    onlyFirst,
    onlySecond,
    exactP: discordant === 0 ? 1 : Math.min(1, 2 * tail),
    corrected: correctedMcNemar(onlyFirst, onlySecond),
    difference: newcombeDifference(both, onlyFirst, onlySecond, first.length, confidence),
  };
}

function correctedMcNemar(onlyFirst: number, onlySecond: number): TestResult | Empty {
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) return { empty: 'the two agree on every row' };
  const distance = Math.abs(onlyFirst - onlySecond);
  const statistic = onlyFirst === onlySecond ? 0 : (distance - 1) ** 2 / discordant;
  return { statistic, degreesOfFreedom: 1, p: chiSquaredUpper(statistic, 1) };
}

function newcombeDifference(
  both: number,
  onlyFirst: number,
  onlySecond: number,
  rows: number,
  confidence: number,
): Estimate {
  const one = wilson(both + onlyFirst, rows, confidence);
  const two = wilson(both + onlySecond, rows, confidence);
  if (isEmpty(one) || isEmpty(two)) throw new RangeError('rows were counted before');
  const neither = rows - both - onlyFirst - onlySecond;
  const phi = newcombePhi(both, onlyFirst, onlySecond, neither);
  const value = one.value - two.value;
  const reach = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  return {
    value,
    low: value - reach(one.value - one.low, two.high - two.value),
    high: value + reach(one.high - one.value, two.value - two.low),
  };
}

/** The correlation of the paired decisions, lessened where positive as Newcombe says. */
function newcombePhi(a: number, b: number, c: number, d: number): number {
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins === 0) return 0;
  const product = a * d - b * c;
  const rows = a + b + c + d;
  const numerator = product > rows / 2 ? product - rows / 2 : Math.min(product, 0);
  return numerator / Math.sqrt(margins);
}
