import type { Reason, ResultToKeep } from '../../archive/index.ts';
import type { ModelOptions } from '../../service/index.ts';

/** Which model predicts, where, and from which probability on a study is positive. */
export interface PredictorOptions extends Omit<ModelOptions, 'runtime' | 'signal'> {
  readonly operatingPoint?: number | string;
}

/** What the predicting process is told. */
export type ToPredictor =
  | { readonly ask: 'open'; readonly options: PredictorOptions }
  | { readonly ask: 'predict'; readonly paths: readonly string[] }
  | { readonly ask: 'stop' };

/** What became of a study. */
export type Told =
  | { readonly kind: 'predicted'; readonly result: ResultToKeep }
  | { readonly kind: 'refused' | 'failed' | 'stopped'; readonly reason: Reason };

/** What it answers: once for `open`, once for each study, and meanwhile how far the study is, from 0 to 1. */
export type FromPredictor =
  | { readonly answer: 'open' }
  | { readonly answer: 'not-open'; readonly reason: Reason }
  | { readonly answer: 'progress'; readonly progress: number }
  | { readonly answer: 'told'; readonly told: Told };
