import type { Reason, ResultToKeep } from '../../archive/index.ts';
import type { ModelOptions } from '../../service/index.ts';
import type { StopRule } from '../drift/outside.ts';

/** Which model predicts, where, and from which probability on a study is positive. */
export interface PredictorOptions extends Omit<ModelOptions, 'runtime' | 'signal'> {
  readonly operatingPoint?: number | string;
}

export interface StudyToPredict {
  readonly paths: readonly string[];
  /** Folder of its newest earlier result, whose DICOM report the new one takes the place of. */
  readonly earlierResult: string | undefined;
  /** Its report says where it is outside of what was checked. */
  readonly stopRule: StopRule | undefined;
}

/** What the predicting process is told. */
export type ToPredictor =
  | { readonly ask: 'open'; readonly options: PredictorOptions }
  | ({ readonly ask: 'predict' } & StudyToPredict)
  | { readonly ask: 'stop' };

/** What became of a study. */
export type Told =
  | { readonly kind: 'predicted'; readonly result: ResultToKeep }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly files: ResultToKeep['files'] }
  | { readonly kind: 'failed' | 'stopped'; readonly reason: Reason };

/** What it answers: once for `open`, once for each study, and meanwhile how far the study is, from 0 to 1. */
export type FromPredictor =
  | { readonly answer: 'open' }
  | { readonly answer: 'not-open'; readonly reason: Reason }
  | { readonly answer: 'progress'; readonly progress: number }
  | { readonly answer: 'told'; readonly told: Told };
