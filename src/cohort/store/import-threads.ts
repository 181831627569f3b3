import { Worker } from 'node:worker_threads';
import type { StoreTask } from './import-worker.ts';
import type { JournalLine } from './scan-record.ts';

interface Answer {
  readonly line?: JournalLine;
  readonly error?: unknown;
}

/**
 * Stores tasks on several threads; `onLine` takes each line before the next task of that thread starts. Stops at the
 * first fault, and after the studies under way where the signal is aborted.
 */
export async function storeOnThreads(
  tasks: readonly StoreTask[],
  threads: number,
  onLine: (line: JournalLine) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, startWorker);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const task of queue) {
          signal?.throwIfAborted();
          await onLine(await ask(worker, task));
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
  return new Worker(new URL(`./import-worker.${ending}`, import.meta.url));
}

function ask(worker: Worker, task: StoreTask): Promise<JournalLine> {
  return new Promise((resolve, reject) => {
    const settle = ({ line, error }: Answer): void => {
      worker.off('error', reject);
      if (line === undefined) reject(error);
      else resolve(line);
    };
    worker.once('message', settle);
    worker.once('error', reject);
    worker.postMessage(task);
  });
}
