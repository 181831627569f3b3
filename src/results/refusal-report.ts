import type { Prediction } from '../prediction/index.ts';
import type { RefusedStudy } from '../study/index.ts';
import { CODES } from './codes.ts';
import { codeValue, container, textValue } from './content-items.ts';
import { reportDocument, type StructuredReport } from './report-document.ts';
import { ascii, type ObjectSource } from './result-input.ts';
import type { ObjectIdentity } from './uids.ts';

/** Of a refused study: which, why, and whose. */
export type NotAnalysed = Pick<RefusedStudy, 'study' | 'modules'> & {
  readonly checks: readonly { readonly severity: string; readonly code: string; readonly text: string }[];
};

/** A study that could not be analysed, and by what it was to be. */
export interface RefusalParts {
  readonly study: NotAnalysed;
  readonly model: Prediction['model'];
  readonly software: Prediction['software'];
  /** When the study was refused. */
  readonly madeAt: Date;
}

export function refusalSource(parts: RefusalParts, predecessor?: ObjectIdentity): ObjectSource {
  const { study, ...rest } = parts;
  return {
    ...rest,
    modules: study.modules,
    studyInstanceUid: study.study?.studyInstanceUid ?? '',
    ...(predecessor && { predecessor }),
    basis: ['refused', ...reasonsOf(study)],
  };
}

/** Why a study was not analysed: no finding is named in it, so that nobody can take one for absent. */
export function refusalReport(source: ObjectSource, study: NotAnalysed): StructuredReport {
  const evaluations = container(CODES.qualitativeEvaluations, [
    codeValue('CONTAINS', CODES.processingSummary, CODES.notAnalysed),
    textValue('CONTAINS', CODES.comment, 'Research use only. Not for diagnostic use.'),
    ...reasonsOf(study).map((text) => textValue('CONTAINS', CODES.comment, ascii(`Not analysed: ${text}`))),
  ]);
  return reportDocument(source, [evaluations], []);
}

const reasonsOf = ({ checks }: NotAnalysed): string[] =>
  checks.filter(({ severity }) => severity === 'refused').map(({ text, code }) => `${text} [${code}]`);
