import { parentPort } from 'node:worker_threads';
import type { CohortStudy } from '../cohort-study.ts';
import { storeStudy } from './store-study.ts';

/** What the importing thread asks for. */
export interface StoreTask {
  readonly study: CohortStudy;
  readonly folder: string;
  readonly software: string;
}

/** Stores what it is sent, one study after another. */
parentPort?.on('message', async ({ study, folder, software }: StoreTask) => {
  try {
    parentPort?.postMessage({ line: await storeStudy(study, folder, software) });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});
