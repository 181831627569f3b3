import { at, RefusedInput } from '../base/index.ts';

/** A number with its interval, at the confidence level that was asked for. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** On the scale of the value, where the method has one. */
  readonly standardError?: number;
  /** Why `low` and `high` are NaN; absent where there is an interval. */
  readonly noInterval?: string;
}

/** Why no number can be given: a cell of a table prints it. */
export interface Empty {
  readonly empty: string;
}

/** What a statistic yields: a number, or the reason for which the data have none. */
export type Measurement = Estimate | Empty;

/** True where there is no number. */
export function isEmpty(measurement: object): measurement is Empty {
  return 'empty' in measurement;
}

/** A value whose interval the data cannot give, and why: never a width of 0 that looks like certainty. */
export function withoutInterval(value: number, noInterval: string): Estimate {
  return { value, low: Number.NaN, high: Number.NaN, noInterval };
}

/** The reason for which a two-class statistic has no value, or undefined. */
export function missingClass(positives: number, negatives: number): Empty | undefined {
  if (positives + negatives === 0) return { empty: 'no rows' };
  if (positives === 0) return { empty: 'no positives' };
  if (negatives === 0) return { empty: 'no negatives' };
  return undefined;
}

/** Refuses columns of unequal lengths by name. */
export function checkSameLength(columns: Readonly<Record<string, ArrayLike<unknown>>>): void {
  const lengths = Object.entries(columns).map(([name, column]) => `${name} has ${column.length}`);
  if (new Set(Object.values(columns).map((column) => column.length)).size > 1) {
    throw new RefusedInput('unequal-columns', `columns must have one value per row: ${lengths.join(', ')}`);
  }
}

/** Refuses the first value that is no finite number, with its place. */
export function checkFinite(values: ArrayLike<number>, column: string): void {
  for (let row = 0; row < values.length; row++) {
    if (!Number.isFinite(values[row])) {
      throw new RefusedInput(
        'not-a-number',
        `${column} of row ${row + 1} is ${values[row]}, expected a finite number`,
      );
    }
  }
}

/** Refuses the first value outside 0..1, with its place. */
export function checkProbabilities(values: ArrayLike<number>, column: string): void {
  for (let row = 0; row < values.length; row++) {
    const value = at(values, row);
    if (!(value >= 0 && value <= 1)) {
      throw new RefusedInput(
        'probability-out-of-range',
        `${column} of row ${row + 1} is ${value}, expected a probability between 0 and 1`,
      );
    }
  }
}
