import { codeOf, IchorError, inLanes, messageOf, throwIfAborted } from '../base/index.ts';
import { openThreads, type ThreadPool } from '../threads/index.ts';
import { studyKey } from './cohort.ts';
import type { CohortStudy } from './cohort-study.ts';

type StudyThreads = ThreadPool<typeof import('./study-worker.ts')>;

export interface StudyWork<Result> {
  readonly studies: readonly CohortStudy[];
  readonly threads: number;
  readonly work: (pool: StudyThreads, study: CohortStudy) => Promise<Result>;
  /** Takes each result before that thread's next study starts. */
  readonly onResult: (result: Result) => Promise<void> | void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Works studies off on several threads. Stops at the first fault, which names its study, and after the studies under
 * way where the signal is aborted.
 */
export async function workOnThreads<Result>({
  studies,
  threads,
  work,
  onResult,
  signal,
}: StudyWork<Result>): Promise<void> {
  if (studies.length === 0) return;
  const lanes = Math.min(threads, studies.length);
  await using pool: StudyThreads = openThreads('./study-worker', import.meta.url, lanes);
  await inLanes(studies, lanes, async (study) => {
    throwIfAborted(signal);
    await onResult(await work(pool, study).catch((thrown: unknown) => refuse(study, thrown)));
  });
}

function refuse(study: CohortStudy, thrown: unknown): never {
  const code = codeOf(thrown, 'study-failed');
  throw new IchorError(code, `study ${studyKey(study)}: ${messageOf(thrown)}`, { cause: thrown });
}
