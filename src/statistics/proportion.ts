import { RefusedInput } from '../base/index.ts';
import { betaQuantile, normalMultiple } from './distributions.ts';
import type { Measurement } from './measurement.ts';

/** Wilson's score interval (Wilson, JASA 1927;22:209), without continuity correction. Empty without trials. */
export function wilson(successes: number, trials: number, confidence = 0.95): Measurement {
  checkCounts(successes, trials);
  if (trials === 0) return { empty: 'no trials' };
  const z = normalMultiple(confidence);
  const value = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const middle = (value + (z * z) / (2 * trials)) / shrink;
  const reach = (z / shrink) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  return {
    value,
    low: successes === 0 ? 0 : middle - reach,
    high: successes === trials ? 1 : middle + reach,
  };
}

/** The exact interval (Clopper & Pearson, Biometrika 1934;26:404). Empty without trials. */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Measurement {
  checkCounts(successes, trials);
  if (trials === 0) return { empty: 'no trials' };
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    value: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}

function checkCounts(successes: number, trials: number): void {
  const whole = Number.isInteger(successes) && Number.isInteger(trials);
  if (whole && successes >= 0 && successes <= trials) return;
  throw new RefusedInput(
    'impossible-counts',
    `${successes} of ${trials} is not a proportion, expected whole numbers of which the first is not the larger`,
  );
}
