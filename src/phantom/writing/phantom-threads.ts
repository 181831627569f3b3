import { IchorError, inLanes, messageOf, type ProgressListener } from '../../base/index.ts';
import { openThreads, type ThreadPool } from '../../threads/index.ts';
import type { PhantomProvenance } from '../provenance.ts';
import type { PhantomTask } from './write-study.ts';

type PhantomThreads = ThreadPool<typeof import('./phantom-worker.ts')>;

/** Makes studies on several threads; their provenances in the order of the tasks. Throws IchorError `phantom-failed`. */
export async function makePhantoms(
  tasks: readonly PhantomTask[],
  threads: number,
  onProgress: ProgressListener,
): Promise<PhantomProvenance[]> {
  const found: PhantomProvenance[] = [];
  let done = 0;
  const tell = (): void => onProgress({ task: 'making phantoms', done, total: tasks.length });
  tell();
  if (tasks.length === 0) return found;
  const lanes = Math.min(threads, tasks.length);
  await using pool: PhantomThreads = openThreads('./phantom-worker', import.meta.url, lanes);
  await inLanes(tasks.entries(), lanes, async ([i, task]) => {
    found[i] = await pool.ask('write', task).catch((thrown: unknown) => {
      throw new IchorError('phantom-failed', `${task.folder}: ${messageOf(thrown)}`, { cause: thrown });
    });
    done++;
    tell();
  });
  return found;
}
