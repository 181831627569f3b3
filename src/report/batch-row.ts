import type { Prediction } from '../prediction/index.ts';
import { findingLine } from './sections/finding.ts';

/** What a row says of a prediction: a batch of thousands keeps no more of each. */
export type BatchFinding = Pick<
  Prediction,
  | 'study'
  | 'operatingPoint'
  | 'operatingPointName'
  | 'subtypeThreshold'
  | 'operatingPointMisses'
  | 'anyHemorrhage'
  | 'disagreement'
  | 'subtypes'
  | 'checks'
>;

export const batchFinding = ({
  study,
  operatingPoint,
  operatingPointName,
  operatingPointMisses,
  subtypeThreshold,
  anyHemorrhage,
  disagreement,
  subtypes,
  checks,
}: Prediction): BatchFinding => ({
  study,
  operatingPoint,
  subtypeThreshold,
  ...(operatingPointName !== undefined && { operatingPointName, operatingPointMisses }),
  anyHemorrhage,
  ...(disagreement && { disagreement }),
  subtypes,
  checks,
});

/** What became of one study of a batch. */
export type BatchRow = {
  /** What the user named. */
  readonly input: string;
  /** The Study Instance UID, or the NIfTI file's path within the input. */
  readonly studyName?: string | undefined;
  /** The name of the study's folder. */
  readonly folder: string;
} & (
  | { readonly outcome: 'predicted'; readonly prediction: BatchFinding }
  | {
      /** Refused: not to be read, by name. Failed: a fault of ours. */
      readonly outcome: 'refused' | 'failed';
      readonly code: string;
      readonly reason: string;
      /** All that was found while it was read, the reason among it. */
      readonly checks?: readonly FoundCheck[];
    }
);

/** As a study's reading gives it, and as predictions keep it. */
export interface FoundCheck {
  readonly severity: 'noted' | 'warned' | 'refused';
  readonly code: string;
  readonly text: string;
  readonly files?: readonly string[] | undefined;
}

export const studyNameOf = (row: BatchRow): string | undefined =>
  row.studyName ??
  (row.outcome === 'predicted'
    ? (row.prediction.study.studyInstanceUid ?? row.prediction.study.name)
    : undefined);

/** What else a reader of the row should know: the checks that warn or refuse, but for what the row's own text says. */
export function furtherChecks(row: BatchRow): readonly FoundCheck[] {
  const checks: readonly FoundCheck[] =
    row.outcome === 'predicted' ? row.prediction.checks : (row.checks ?? []);
  const isSaid = ({ code, text }: FoundCheck) =>
    row.outcome === 'predicted' ? code === 'slices-disagree' : text === row.reason;
  return checks.filter((check) => check.severity !== 'noted' && !isSaid(check));
}

const NAMED_FILES = 3;

/** `warned: 1 slice left out: 60000 x 512, the others have 512 x 512 (IM0015) [mixed-matrix]`. */
export function checkText({ severity, text, code, files = [] }: FoundCheck): string {
  const unsaid = files.length <= NAMED_FILES ? files.filter((file) => !text.includes(file)) : [];
  return `${severity}: ${text}${unsaid.length > 0 ? ` (${unsaid.join(', ')})` : ''} [${code}]`;
}

/** What was found, or why there is nothing: one line. */
export const batchText = (row: BatchRow): string =>
  row.outcome === 'predicted' ? findingLine(row.prediction) : `${row.reason} [${row.code}]`;
