import type { Prediction } from '../prediction/index.ts';
import { findingLine } from './sections/finding.ts';

/** What became of one study of a batch. */
export type BatchRow =
  | {
      readonly outcome: 'predicted';
      /** What the user named. */
      readonly input: string;
      readonly prediction: Prediction;
      /** Of the study's folder, relative to the summary. */
      readonly folder: string;
    }
  | {
      /** Refused: not to be read, by name. Failed: a fault of ours. */
      readonly outcome: 'refused' | 'failed';
      readonly input: string;
      readonly studyName?: string;
      readonly code: string;
      readonly reason: string;
    };

export const studyNameOf = (row: BatchRow): string | undefined =>
  row.outcome === 'predicted'
    ? (row.prediction.study.studyInstanceUid ?? row.prediction.study.name)
    : row.studyName;

/** What was found, or why there is nothing: one line. */
export const batchText = (row: BatchRow): string =>
  row.outcome === 'predicted' ? findingLine(row.prediction) : `${row.reason} [${row.code}]`;
