import {
  codeOf,
  messageOf,
  RefusedInput,
  type StudyFile,
  throwIfAborted,
  UsageError,
} from '../../base/index.ts';
import type { FoundCheck } from '../../report/index.ts';
import {
  type AcceptedStudy,
  type RefusedStudy,
  type SourceModules,
  type StudyInfo,
  withModules,
} from '../../study/index.ts';
import type { PredictedStudy } from '../open-model.ts';

/** A DICOM file, a folder, a zip, a disc with a DICOMDIR or a NIfTI file, by its path; or files at hand as bytes. */
export type StudySource = string | readonly StudyFile[];

/** Read, and not to be predicted: each reason has a name. */
export interface RefusedOutcome {
  readonly kind: 'refused';
  /** Absent where no study could be recognised. */
  readonly study?: StudyInfo;
  /** Of the first check that refuses. */
  readonly code: string;
  readonly reason: string;
  /** All that was found while it was read, the reason among it. */
  readonly checks: readonly FoundCheck[];
  /** Patient and study, for a DICOM report that says so; not enumerable. */
  readonly modules?: SourceModules;
}

/** A fault of ours or of the machine. */
export interface FailedOutcome {
  readonly kind: 'failed';
  readonly study?: StudyInfo;
  /** `unexpected` where the error has none. */
  readonly code: string;
  readonly reason: string;
  readonly error: unknown;
}

export type NotPredicted = RefusedOutcome | FailedOutcome;

/** What became of one study that was to be read. */
export type ReadOutcome = AcceptedStudy | NotPredicted;

export interface PredictedOutcome extends PredictedStudy {
  readonly kind: 'predicted';
  readonly study: StudyInfo;
  /** The whole of what was read, its volume and the patient's identity among it. */
  readonly accepted: AcceptedStudy;
}

/** What became of one study that was to be predicted. */
export type PredictOutcome = PredictedOutcome | NotPredicted;

export function refusedOutcome({ study, checks, modules }: RefusedStudy): RefusedOutcome {
  const reason = checks.find(({ severity }) => severity === 'refused');
  const [code, text] = [reason?.code ?? 'refused', reason?.text ?? 'the study was refused'];
  const outcome = { kind: 'refused' as const, code, reason: text, checks, ...(study && { study }) };
  return withModules(outcome, modules);
}

/** The outcome of a study at which something was thrown. Throws IchorError `aborted` where it was the stop. */
export function thrownOutcome(thrown: unknown, signal?: AbortSignal, study?: StudyInfo): NotPredicted {
  throwIfAborted(signal);
  const code = codeOf(thrown);
  const told = { code, reason: messageOf(thrown), ...(study && { study }) };
  if (!(thrown instanceof RefusedInput || thrown instanceof UsageError))
    return { kind: 'failed', ...told, error: thrown };
  return { kind: 'refused', ...told, checks: [{ severity: 'refused', code, text: told.reason }] };
}
