import { at, RefusedInput } from '../base/index.ts';
import { chiSquaredUpper, fUpper } from './distributions.ts';
import { checkFinite, type Empty } from './measurement.ts';

/** A test statistic with its degrees of freedom and its chance under the null hypothesis. */
export interface TestResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
}

/**
 * One-way analysis of variance (paper, Table 1; Fisher, Statistical Methods for Research Workers 1925, chapter 7), as R's
 * oneway.test with equal variances.
 */
export function oneWayAnova(
  groups: readonly ArrayLike<number>[],
): (TestResult & { readonly residualDegrees: number }) | Empty {
  for (const group of groups) checkFinite(group, 'the value');
  const filled = groups.map((group) => Array.from(group)).filter((group) => group.length > 0);
  const rows = filled.reduce((sum, group) => sum + group.length, 0);
  const between = filled.length - 1;
  const residualDegrees = rows - filled.length;
  if (between < 1) return { empty: 'one group only' };
  if (residualDegrees < 1) return { empty: 'one value a group: no variance within' };
  const grand = filled.flat().reduce((sum, value) => sum + value, 0) / rows;
  const means = filled.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
  const explained = filled.reduce((sum, group, k) => sum + group.length * (at(means, k) - grand) ** 2, 0);
  const residual = filled.reduce(
    (sum, group, k) => sum + group.reduce((own, value) => own + (value - at(means, k)) ** 2, 0),
    0,
  );
  // what rounding leaves of equal values
  const rounding =
    rows * (Number.EPSILON * filled.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0)) ** 2;
  if (residual <= rounding) return { empty: 'no variance within the groups' };
  const statistic = explained / between / (residual / residualDegrees);
  return {
    statistic,
    degreesOfFreedom: between,
    residualDegrees,
    p: fUpper(statistic, between, residualDegrees),
  };
}

/** A chi-squared test with what its approximation rests on. */
export interface ChiSquared extends TestResult {
  readonly smallestExpected: number;
  /** True where Yates's correction was made. */
  readonly corrected: boolean;
}

/**
 * Pearson's chi-squared test of independence (Philosophical Magazine 1900;50:157), two by two tables with Yates's
 * correction (Supplement to the JRSS 1934;1:217), as R's chisq.test.
 * @param table [row][column] counts; rows and columns without counts are left out
 */
export function chiSquared(table: readonly (readonly number[])[], correct = true): ChiSquared | Empty {
  const width = Math.max(0, ...table.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) =>
    table.reduce((sum, row) => sum + (row[column] ?? 0), 0),
  );
  const kept = table
    .map((row) => row.filter((_, column) => at(columns, column) > 0))
    .filter((row) => row.some((count) => count > 0));
  if (kept.flat().some((count) => !Number.isInteger(count) || count < 0)) {
    throw new RefusedInput('impossible-counts', 'A table of counts holds whole numbers from 0.');
  }
  const [height, breadth] = [kept.length, kept[0]?.length ?? 0];
  if (height < 2 || breadth < 2) return { empty: 'fewer than two rows or columns with counts' };
  const rowSums = kept.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columnSums = columns.filter((sum) => sum > 0);
  const total = rowSums.reduce((sum, count) => sum + count, 0);
  const cells = kept.flatMap((row, i) =>
    row.map((count, j) => ({
      count,
      expected: (at(rowSums, i) * at(columnSums, j)) / total,
    })),
  );
  const corrected = correct && height === 2 && breadth === 2;
  const yates = corrected ? Math.min(0.5, ...cells.map((cell) => Math.abs(cell.count - cell.expected))) : 0;
  const statistic = cells.reduce(
    (sum, { count, expected }) => sum + (Math.abs(count - expected) - yates) ** 2 / expected,
    0,
  );
  const degreesOfFreedom = (height - 1) * (breadth - 1);
  const smallestExpected = Math.min(...cells.map((cell) => cell.expected));
  return {
    statistic,
    degreesOfFreedom,
    p: chiSquaredUpper(statistic, degreesOfFreedom),
    smallestExpected,
    corrected,
  };
}
