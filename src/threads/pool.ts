import { once } from 'node:events';
import { MessageChannel, type Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { IchorError, messageOf } from '../base/index.ts';
import { errorOf } from './faults.ts';
import type { Answer, Asked, ThreadWork } from './work.ts';

/** What a worker file exports, by name: `typeof import('./study-worker.ts')`. */
type Works<File> = { readonly [Name in keyof File]: ThreadWork<never, unknown> };
type TaskOf<Work> = Work extends ThreadWork<infer Task, unknown> ? Task : never;
type ResultOf<Work> = Work extends ThreadWork<never, infer Result> ? Result : never;

export interface AskOptions {
  /** Takes what the task tells while it goes on; all of it before the result. */
  readonly onWord?: ((word: unknown) => void) | undefined;
  /** Buffers of the task that move to the thread instead of being copied. */
  readonly move?: readonly Transferable[];
}

/** Threads that all run one worker file; closed at the end of `await using`. */
export interface ThreadPool<File extends Works<File>> extends AsyncDisposable {
  readonly threads: number;
  /**
   * Does one task on the next free thread. Rejects with what the task threw; with the signal's reason where the pool's
   * signal is aborted; with IchorError `thread-ended` where any thread ends, by a fault or without one.
   */
  ask<Name extends keyof File & string>(
    work: Name,
    task: TaskOf<File[Name]>,
    options?: AskOptions,
  ): Promise<ResultOf<File[Name]>>;
}

/**
 * Opens threads for a worker file; its name has no ending: sources are .ts, a published build .js, as is whoever asks.
 * Once the signal is aborted all threads end at once, tasks under way included: where those must end well, look at the
 * signal before each task instead.
 *
 * @example
 * await using pool = openThreads<typeof import('./study-worker.ts')>('./study-worker', import.meta.url, 4);
 * const volume = await pool.ask('read', { study });
 */
export function openThreads<File extends Works<File>>(
  name: string,
  from: string,
  threads: number,
  signal?: AbortSignal,
): ThreadPool<File> {
  const url = new URL(`${name}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from);
  const pool = new Piscina({
    filename: url.href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Infinity,
    // Tasks are long: nothing is won by a thread that sleeps between them and cannot hear anything else
    atomics: 'disabled',
  });
  const ending = new AbortController();
  const end = (why: unknown): void => ending.abort(why);
  const onAbort = (): void => {
    end(signal?.reason);
    void pool.destroy();
  };
  pool.on('error', (thrown: unknown) => end(endedBy(thrown)));
  // What the thread was asked is told why first
  pool.on('workerDestroy', () => setImmediate(end, endedBy(undefined)));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    threads,
    ask: async (work, task, options = {}) => {
      const asking = askOne<ResultOf<File[typeof work]>>(pool, work, task, options);
      const answer = await orEnded(asking, ending.signal);
      if ('fault' in answer) throw errorOf(answer.fault);
      return answer.result;
    },
    [Symbol.asyncDispose]: async () => {
      signal?.removeEventListener('abort', onAbort);
      end(new IchorError('thread-ended', 'the threads are closed'));
      await pool.destroy();
    },
  };
}

/**
 * Rejects once the threads have ended. Not a race with a promise of that end: a promise keeps all who ever wait for it, and
 * this one stays for as long as a service runs.
 */
function orEnded<Value>(asking: Promise<Value>, ended: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onEnd = (): void => reject(ended.reason);
    if (ended.aborted) onEnd();
    ended.addEventListener('abort', onEnd, { once: true });
    asking.then(resolve, reject).finally(() => ended.removeEventListener('abort', onEnd));
  });
}

const endedBy = (thrown: unknown): IchorError =>
  new IchorError('thread-ended', `a thread ended${thrown === undefined ? '' : `: ${messageOf(thrown)}`}`, {
    cause: thrown,
  });

/** The answer, after all words; a thread's own end is told as such. */
async function askOne<Result>(
  pool: Piscina,
  name: string,
  task: unknown,
  { onWord, move = [] }: AskOptions,
): Promise<Answer<Result>> {
  const { port1, port2 } = new MessageChannel();
  const asked: Asked<unknown> = onWord === undefined ? { task } : { task, port: port2 };
  const closed = once(port1, 'close');
  port1.on('message', (word: unknown) => onWord?.(word));
  if (onWord === undefined) port1.close();
  try {
    const transferList = [...move, ...(asked.port === undefined ? [] : [asked.port])];
    const answer: Answer<Result> = await pool.run(asked, { name, transferList });
    await closed;
    return answer;
  } catch (thrown) {
    throw endedBy(thrown);
  } finally {
    port1.close();
  }
}
