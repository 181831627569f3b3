import type { Prediction } from '../prediction/index.ts';

/** What a reader must do: look at the suspicion, look at slices that contradict the subject, or neither. */
export type FindingState = (typeof STATES)[number];

/** The most urgent first. */
export const STATES = ['positive', 'disagreement', 'below'] as const;

export function findingState({
  anyHemorrhage,
  disagreement,
}: Pick<Prediction, 'anyHemorrhage' | 'disagreement'>): FindingState {
  if (disagreement !== undefined) return 'disagreement';
  return anyHemorrhage.positive ? 'positive' : 'below';
}

/** As pages say it. */
export const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  positive: 'positive',
  disagreement: 'slices and subject disagree',
  below: 'below the threshold',
};
