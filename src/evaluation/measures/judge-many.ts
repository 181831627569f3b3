import { availableParallelism } from 'node:os';
import { inLanes } from '../../base/index.ts';
import { openThreads } from '../../threads/index.ts';
import type { JudgeTask, Performance } from './measures.ts';
import { judge } from './performance.ts';

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
  // The largest first: no thread is left with a long one at the end
  const inOrder = [...tasks.entries()].sort(([, a], [, b]) => b.rows.values.length - a.rows.values.length);
  const results: Performance[] = [];
  let done = 0;
  const lanes = Math.min(threads, tasks.length);
  await using pool = openThreads<typeof import('./judge-worker.ts')>(
    './judge-worker',
    import.meta.url,
    lanes,
  );
  await inLanes(inOrder, lanes, async ([index, task]) => {
    results[index] = await pool.ask('judged', task);
    onDone(++done);
  });
  return results;
}
