import { threadWork } from '../threads/index.ts';
import type { CohortStudy } from './cohort-study.ts';
import { storeStudy } from './store/store-study.ts';
import { verifyStudy } from './verify-study.ts';

export interface StoreTask {
  readonly study: CohortStudy;
  /** The store. */
  readonly folder: string;
  /** The name that the store keeps: `ichor 0.1.0`. */
  readonly software: string;
}

export const store = threadWork(({ study, folder, software }: StoreTask) =>
  storeStudy(study, folder, software),
);
export const verify = threadWork(({ study }: { readonly study: CohortStudy }) => verifyStudy(study));
