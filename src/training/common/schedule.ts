/** Half a cosine from the rate down to 0, after this share of the way. */
export const halfCosine = (rate: number, share: number): number =>
  0.5 * rate * (1 + Math.cos(Math.PI * share));

/** The same over steps, rising in the first ones. */
export const risingCosine = (rate: number, step: number, steps: number, rise: number): number =>
  Math.min(1, (step + 1) / rise) * halfCosine(rate, step / steps);
