import { parentPort } from 'node:worker_threads';
import { IchorError, messageOf } from '../base/index.ts';
import type { CohortStudy } from './cohort-study.ts';
import { storeStudy } from './store/store-study.ts';
import { verifyStudy } from './verify-study.ts';

/** What may be done with a study on a thread of its own, by name. */
const WORK = { store: storeStudy, verify: verifyStudy } as const;

type Work = typeof WORK;
export type WorkName = keyof Work;
export type WorkResult<Name extends WorkName> = Awaited<ReturnType<Work[Name]>>;

export interface StudyTask<Name extends WorkName = WorkName> {
  readonly work: Name;
  readonly study: CohortStudy;
  /** The store, and the software's name that it keeps; a verification leaves both aside. */
  readonly folder: string;
  readonly software: string;
}

/** What stopped a study; errors lose their class on the way between threads. */
export interface StudyFault {
  readonly code: string;
  readonly text: string;
}

const faultOf = (error: unknown): StudyFault => ({
  code: error instanceof IchorError ? error.code : 'study-failed',
  text: messageOf(error),
});

/** Does what it is sent, one study after another. */
parentPort?.on('message', async ({ work, study, folder, software }: StudyTask) => {
  try {
    parentPort?.postMessage({ result: await WORK[work](study, folder, software) });
  } catch (error) {
    parentPort?.postMessage({ fault: faultOf(error) });
  }
});
