import { Worker } from 'node:worker_threads';
import { IchorError, messageOf } from '../base/index.ts';
import { studyKey } from './cohort.ts';
import type { StudyFault, StudyTask, WorkName, WorkResult } from './study-worker.ts';

interface Answer<Name extends WorkName> {
  readonly result?: WorkResult<Name>;
  readonly fault?: StudyFault;
}

/**
 * Works studies off on several threads; `onResult` takes each result before that thread's next task starts. Stops at
 * the first fault, and after the studies under way where the signal is aborted.
 */
export async function workOnThreads<Name extends WorkName>(
  tasks: readonly StudyTask<Name>[],
  threads: number,
  onResult: (result: WorkResult<Name>) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, startWorker);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const task of queue) {
          signal?.throwIfAborted();
          await onResult(await ask(worker, task));
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startWorker(): Worker {
  // Published builds hold .js files, sources .ts: the worker's ending is that of this file
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./study-worker.${ending}`, import.meta.url));
}

/** Rejects with an IchorError that names the study. */
function ask<Name extends WorkName>(worker: Worker, task: StudyTask<Name>): Promise<WorkResult<Name>> {
  return new Promise((resolve, reject) => {
    const fail = (code: string, text: string, cause?: unknown): void =>
      reject(new IchorError(code, `study ${studyKey(task.study)}: ${text}`, { cause }));
    const onError = (cause: unknown): void => fail('study-failed', messageOf(cause), cause);
    const onExit = (): void => fail('study-failed', 'the thread that read it has ended');
    worker.once('error', onError).once('exit', onExit);
    worker.once('message', ({ result, fault }: Answer<Name>) => {
      worker.off('error', onError).off('exit', onExit);
      if (result === undefined) fail(fault?.code ?? 'study-failed', fault?.text ?? 'nothing was answered');
      else resolve(result);
    });
    worker.postMessage(task);
  });
}
