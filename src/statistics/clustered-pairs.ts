import { at } from '../base/index.ts';
import { chiSquaredUpper, normalMultiple } from './distributions.ts';
import type { TestResult } from './hypothesis-tests.ts';
import { checkSameLength, type Empty, type Estimate } from './measurement.ts';

/** Two paired decisions on rows that come in clusters. */
export interface ClusteredPairs {
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Empty without discordant rows, or with one cluster. */
  readonly test: TestResult | Empty;
  /** First minus second share of right rows; empty with one cluster. */
  readonly difference: Estimate | Empty;
}

/**
 * McNemar's test where rows come in clusters: Obuchowski's (Statistics in Medicine 1998;17:1495) in the form that Yang,
 * Sun & Hardin give it (Biometrical Journal 2010;52:638), and the shares' difference with the same paper's variance by
 * cluster, normal interval cut at -1 and 1.
 * @param first 1 where the first is right: among positives, where it calls positive
 * @param clusters any number of each row's cluster
 */
export function clusteredPairs(
  first: ArrayLike<number | boolean>,
  second: ArrayLike<number | boolean>,
  clusters: ArrayLike<number>,
  confidence = 0.95,
): ClusteredPairs | Empty {
  checkSameLength({ first, second, clusters });
  const rows = first.length;
  if (rows === 0) return { empty: 'no rows' };
  const sums = new Map<number, { rows: number; balance: number }>();
  let [onlyFirst, onlySecond] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const own = sums.get(at(clusters, row)) ?? { rows: 0, balance: 0 };
    const balance = Number(Boolean(first[row])) - Number(Boolean(second[row]));
    if (balance > 0) onlyFirst++;
    if (balance < 0) onlySecond++;
    sums.set(at(clusters, row), { rows: own.rows + 1, balance: own.balance + balance });
  }
  const parts = [...sums.values()];
  return {
    onlyFirst,
    onlySecond,
    test: testOf(parts),
    difference: differenceOf(parts, rows, confidence),
  };
}

type Parts = readonly { readonly rows: number; readonly balance: number }[];

const ONE_CLUSTER: Empty = Object.freeze({ empty: 'one patient only: no variance by patient' });

function testOf(parts: Parts): TestResult | Empty {
  const squares = parts.reduce((sum, { balance }) => sum + balance * balance, 0);
  if (parts.length < 2) return ONE_CLUSTER;
  if (squares === 0) return { empty: 'the two agree on every patient' };
  const balance = parts.reduce((sum, part) => sum + part.balance, 0);
  const statistic = (((parts.length - 1) / parts.length) * balance * balance) / squares;
  return { statistic, degreesOfFreedom: 1, p: chiSquaredUpper(statistic, 1) };
}

function differenceOf(parts: Parts, rows: number, confidence: number): Estimate | Empty {
  if (parts.length < 2) return ONE_CLUSTER;
  const value = parts.reduce((sum, { balance }) => sum + balance, 0) / rows;
  const squares = parts.reduce((sum, part) => sum + (part.balance - part.rows * value) ** 2, 0);
  const standardError = Math.sqrt((parts.length / (parts.length - 1)) * squares) / rows;
  const reach = normalMultiple(confidence) * standardError;
  return { value, standardError, low: Math.max(-1, value - reach), high: Math.min(1, value + reach) };
}
