import { availableParallelism } from 'node:os';
import { IchorError, messageOf, type ProgressListener, throwIfAborted } from '../base/index.ts';
import type { ImportedCohort } from './cohort-study.ts';
import { openStore } from './store/open-store.ts';
import { workOnThreads } from './study-threads.ts';
import type { VerifiedStudy } from './verify-study.ts';

export interface VerifyOptions {
  /** Default: as many as the machine has. */
  readonly threads?: number;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

/** Reads every study of a cohort, as an import would; the results come in order of the studies. */
export async function verifyCohort(
  cohort: ImportedCohort,
  { threads = availableParallelism(), onProgress, signal }: VerifyOptions = {},
): Promise<VerifiedStudy[]> {
  const verified: VerifiedStudy[] = [];
  const { studies } = cohort;
  const onResult = (result: VerifiedStudy): void => {
    verified.push(result);
    onProgress?.({ task: 'reading studies', done: verified.length, total: studies.length });
  };
  await workOnThreads({
    studies,
    threads,
    work: (pool, study) => pool.ask('verify', { study }),
    onResult,
    signal,
  });
  return verified.sort((a, b) => a.study.localeCompare(b.study, 'en', { numeric: true }));
}

/** Reads every scan of a store and holds its voxels to their hash. Throws as openStore does. */
export async function verifyStore(
  folder: string,
  { onProgress, signal }: VerifyOptions = {},
): Promise<VerifiedStudy[]> {
  const { scans, load } = await openStore(folder);
  const verified: VerifiedStudy[] = [];
  for (const [i, { study, slices }] of scans.entries()) {
    throwIfAborted(signal);
    const fault = await load(i).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (fault !== undefined && !(fault instanceof IchorError)) throw fault;
    const checks =
      fault === undefined ? [] : [{ code: fault.code, severity: 'refused' as const, text: messageOf(fault) }];
    verified.push({ study, accepted: fault === undefined, slices, checks });
    onProgress?.({ task: 'reading stored scans', done: i + 1, total: scans.length });
  }
  return verified;
}
