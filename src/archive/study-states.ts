/** What a study can be, and what it may become from there. */
export const STUDY_STATES = {
  /** Objects arrive, or arrived a moment ago. A rule may say that the study is not to be predicted. */
  receiving: ['queued', 'refused'],
  /** Complete as far as is known; waits for a worker. A person may give it up. */
  queued: ['predicting', 'failed'],
  /** Back to queued when its worker was stopped or the fault may pass. */
  predicting: ['done', 'refused', 'failed', 'queued'],
  done: ['queued'],
  /** Read, and not a head CT that can be judged: the reason stands beside it. */
  refused: ['queued'],
  /** A fault of ours or of the machine, tried as often as is allowed; or given up by a person. */
  failed: ['queued'],
} as const satisfies Record<string, readonly string[]>;

export type StudyState = keyof typeof STUDY_STATES;
export const STUDY_STATE_NAMES = [
  'receiving',
  'queued',
  'predicting',
  'done',
  'refused',
  'failed',
] as const satisfies readonly StudyState[];

/**
 * Whoever predicted a study was not heard of again: they were killed, or their machine or network went away. Counted apart
 * from tries, since a study that ends its prediction ends only the process that predicts, and then its worker says so.
 */
export const WORKER_LOST = {
  code: 'worker-lost',
  text: 'the worker that predicted it, or the whole service, was not heard of again before the result',
} as const;

/** Why a study goes back to queued through no fault of its own: also a stop in order, and a disk that took no result. */
export const NO_TRY: ReadonlySet<string | undefined> = new Set([
  'stopped',
  'result-not-kept',
  WORKER_LOST.code,
]);

/** Nothing more becomes of the study by itself. */
export const isAtEnd = (state: StudyState): boolean =>
  state === 'done' || state === 'refused' || state === 'failed';

/** Whether a study may be moved so. A new object makes it `receiving` from anywhere, which is no move. */
export function mayMove(from: StudyState, to: StudyState): boolean {
  const next: readonly StudyState[] = STUDY_STATES[from];
  return next.includes(to);
}
