import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { JudgedRows, JudgeOptions, Performance } from './measures.ts';
import { judge } from './performance.ts';

export interface JudgeTask {
  readonly rows: JudgedRows;
  readonly options: JudgeOptions;
}

/** Rows times replicates from which threads of their own pay. */
const WORTH_THREADS = 2e7;

/**
 * Judges several populations, on several threads where the work is large; the same numbers either way.
 * @param threads default: as many as the machine has
 */
export async function judgeMany(
  tasks: readonly JudgeTask[],
  threads = availableParallelism(),
  onDone: (done: number) => void = () => {},
): Promise<Performance[]> {
  const work = tasks.reduce((sum, { rows, options }) => sum + rows.values.length * options.replicates, 0);
  if (work < WORTH_THREADS || threads < 2) {
    return tasks.map(({ rows, options }, index) => {
      const performance = judge(rows, options);
      onDone(index + 1);
      return performance;
    });
  }
  // the largest first: no thread is left with a long one at the end
  const queue = [...tasks.keys()].sort((a, b) => sizeOf(tasks[b]) - sizeOf(tasks[a]));
  const results: Performance[] = [];
  let done = 0;
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, startWorker);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
          results[index] = await ask(worker, index, tasks[index] as JudgeTask);
          onDone(++done);
        }
      }),
    );
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

const sizeOf = (task: JudgeTask | undefined): number => task?.rows.values.length ?? 0;

function startWorker(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./judge-worker.${extension}`, import.meta.url));
}

function ask(worker: Worker, index: number, task: JudgeTask): Promise<Performance> {
  return new Promise((resolve, reject) => {
    worker.once('message', (answer: { performance?: Performance; error?: unknown }) => {
      worker.off('error', reject);
      if (answer.performance) resolve(answer.performance);
      else reject(answer.error);
    });
    worker.once('error', reject);
    worker.postMessage({ index, ...task });
  });
}
