/** Where probabilities stand on a chart of slices. */
export interface ProbabilityScale {
  readonly kind: 'even' | 'logit';
  /** Probabilities to be labelled, ascending. */
  readonly ticks: readonly number[];
  /** From 0 at the base to 1 at the top; what lies beyond an end stands on it. */
  shareOf(probability: number): number;
}

const EVEN: ProbabilityScale = {
  kind: 'even',
  ticks: [0, 0.5, 1],
  shareOf: (probability) => Math.min(1, Math.max(0, probability)),
};

/** Nearer to an end than this, a threshold could not be told from it. */
const NEAR_END = 0.05;
const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

const logit = (p: number): number => Math.log(p / (1 - p));

/** Even, unless the threshold lies near an end: by logits then, so that what reaches the threshold is told from what does not. */
export function probabilityScale(threshold: number): ProbabilityScale {
  if (threshold <= 0 || threshold >= 1) return EVEN;
  if (threshold >= NEAR_END && threshold <= 1 - NEAR_END) return EVEN;
  const lowest = threshold < NEAR_END ? Math.min(0.0001, threshold / 10) : 0.001;
  const highest = threshold > 1 - NEAR_END ? Math.max(0.9999, 1 - (1 - threshold) / 10) : 0.999;
  const [from, to] = [logit(lowest), logit(highest)];
  return {
    kind: 'logit',
    ticks: TICKS.filter((tick) => tick > lowest && tick < highest),
    shareOf: (probability) => (logit(Math.min(highest, Math.max(lowest, probability))) - from) / (to - from),
  };
}
