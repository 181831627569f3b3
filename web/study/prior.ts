import type { Pane } from './shown-study.ts';

/** An earlier study of the same patient, as whoever holds it tells. */
export interface Prior {
  readonly studyInstanceUid: string;
  /** `2026-01-31`. */
  readonly studyDate: string;
  /** `14:25`. */
  readonly studyTime?: string | undefined;
  readonly anyHemorrhage?: { readonly probability: number; readonly positive: boolean } | undefined;
}

/** What is known of earlier studies, and which of them is shown beside the study. */
export interface PriorsOnPage {
  /** The newest first; undefined until they were told. */
  readonly priors?: readonly Prior[];
  /** Why none can be found. */
  readonly reason?: string;
  readonly chosen?: Prior;
  /** The chosen one, once it was read. */
  readonly pane?: Pane;
  readonly progress?: { readonly done: number; readonly total: number };
  readonly fault?: string;
  /** Undefined closes. */
  choose(prior: Prior | undefined): void;
}

/** The newest where none is chosen, none where one is. */
export const switchPrior = ({ priors, chosen, choose }: PriorsOnPage): void =>
  choose(chosen === undefined ? priors?.[0] : undefined);

/** The one before the chosen one; after the oldest the newest again. */
export function olderPrior({ priors = [], chosen, choose }: PriorsOnPage): void {
  const at = priors.findIndex(({ studyInstanceUid }) => studyInstanceUid === chosen?.studyInstanceUid);
  choose(priors[(at + 1) % priors.length]);
}
