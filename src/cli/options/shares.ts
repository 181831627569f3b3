import { InvalidArgumentError } from 'commander';
import { PAPER_SHARES, type PatientSplitOptions, SPLIT_PARTS } from '../../cohort/index.ts';

type Shares = PatientSplitOptions['shares'];

/** The paper's, as the command line writes shares. */
export const PAPER_SHARES_TEXT = SPLIT_PARTS.map((part) => 100 * PAPER_SHARES[part]).join(',');

/** What three shares add up to: percent, as help and guides write them, or parts of 1. */
const WHOLES = [100, 1];

/** `80,10,10`, or `0.8,0.1,0.1`, as shares of training, validation and test that add up to 1. */
export function sharesOption(text: string): Shares {
  const given = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = given;
  const whole = WHOLES.find((sum) => Math.abs(first + second + third - sum) < 1e-6 * sum);
  if (given.length === 3 && whole !== undefined && first > 0 && second >= 0 && third >= 0)
    return { training: first / whole, validation: second / whole, test: third / whole };
  throw new InvalidArgumentError(
    `expected three numbers that add up to 100, as ${PAPER_SHARES_TEXT}; the first is for training and above 0`,
  );
}
