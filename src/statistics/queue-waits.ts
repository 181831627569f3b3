import { IchorError } from '../base/index.ts';

/** One server, Poisson arrivals, any times of service. */
export interface Queue {
  readonly arrivalsPerMinute: number;
  readonly meanServiceMinutes: number;
  /** Of the square of a service, square minutes; of exponential services twice the mean's square. */
  readonly meanSquareMinutes: number;
  /** Of the arrivals, by class of priority, the first one served first; 1 together. */
  readonly shares: readonly number[];
}

/**
 * The mean wait before service of each class, minutes, where nobody under way is interrupted: Cobham, Operations Research
 * 1954;2:70. One class alone is Pollaczek and Khinchine's first come, first served. Throws IchorError `queue-grows` where
 * more comes than can be served.
 */
export function meanWaits({
  arrivalsPerMinute,
  meanServiceMinutes,
  meanSquareMinutes,
  shares,
}: Queue): number[] {
  const load = arrivalsPerMinute * meanServiceMinutes;
  if (load >= 1)
    throw new IchorError(
      'queue-grows',
      `${load.toFixed(2)} times as much arrives as can be served; expected under 1`,
    );
  const residual = (arrivalsPerMinute * meanSquareMinutes) / 2;
  let before = 0;
  return shares.map((share) => {
    const through = before + load * share;
    const wait = residual / ((1 - before) * (1 - through));
    before = through;
    return wait;
  });
}
