import { Worker } from 'node:worker_threads';
import { IchorError, type ProgressListener } from '../base/index.ts';
import type { PhantomProvenance } from '../phantom/index.ts';
import type { PhantomTask } from './phantom-study.ts';

interface Answer {
  readonly provenance?: PhantomProvenance;
  readonly fault?: string;
}

/** Makes studies on several threads; their provenances in the order of the tasks. Throws IchorError `phantom-failed`. */
export async function makePhantoms(
  tasks: readonly PhantomTask[],
  threads: number,
  onProgress: ProgressListener,
): Promise<PhantomProvenance[]> {
  const found: PhantomProvenance[] = [];
  const queue = tasks.entries();
  let done = 0;
  onProgress({ task: 'making phantoms', done, total: tasks.length });
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, startWorker);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const [i, task] of queue) {
          found[i] = await ask(worker, task);
          onProgress({ task: 'making phantoms', done: ++done, total: tasks.length });
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return found;
}

function startWorker(): Worker {
  // Published builds hold .js files, sources .ts: the worker's ending is that of this file
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./phantom-worker.${ending}`, import.meta.url));
}

function ask(worker: Worker, task: PhantomTask): Promise<PhantomProvenance> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', ({ provenance, fault }: Answer) => {
      worker.off('error', reject);
      if (provenance !== undefined) resolve(provenance);
      else reject(new IchorError('phantom-failed', `${task.folder}: ${fault}`));
    });
    worker.postMessage(task);
  });
}
