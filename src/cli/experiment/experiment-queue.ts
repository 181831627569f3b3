import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { EXIT_CODE, IchorError } from '../../base/index.ts';
import type { ExperimentQueue, QueuedExperimentJob } from '../../experiment/index.ts';
import { openDatabase, openQueue, parentDatabase, type QueueDatabase } from '../../queue/index.ts';
import { stopAs } from '../terminal/exit.ts';

export interface QueueFlags {
  readonly out: string;
  readonly queue?: string;
  readonly workers?: number;
}

/** Set in the processes that `--workers` forks. */
const FORKED = 'ICHOR_FORKED_WORKER';

export const isForkedWorker = (): boolean => process.env[FORKED] === '1';

export interface SharedQueue {
  readonly queue: ExperimentQueue;
  /** Aborted where the process that owns the queue is gone. */
  readonly gone: AbortSignal;
  close(): Promise<void>;
}

/** The queue that the flags name, an experiment's own; undefined where jobs run one after another without one. */
export async function openExperimentQueue(
  { queue }: QueueFlags,
  experiment: string,
): Promise<SharedQueue | undefined> {
  if (queue === undefined && !isForkedWorker()) return undefined;
  const database = isForkedWorker() ? parentDatabase() : await openDatabase(queue as string);
  const gone = new AbortController();
  const leave = () =>
    gone.abort(new IchorError('aborted', 'stopped: the process that began this one is gone'));
  process.on('disconnect', leave);
  const closeDatabase = async (): Promise<void> => {
    process.off('disconnect', leave);
    await database.close();
    if (isForkedWorker() && process.connected) process.disconnect();
  };
  try {
    const opened = await openQueue<QueuedExperimentJob, QueuedExperimentJob>(database, {
      kind: `experiment-paper-${experiment}`,
      silentSeconds: 60,
      tries: 5,
    });
    const close = () => opened.close().finally(closeDatabase);
    return { queue: opened, gone: gone.signal, close };
  } catch (thrown) {
    await closeDatabase();
    throw thrown;
  }
}

/** Ctrl-C, an end that a service asks for, a terminal that closes: the workers write their checkpoints first. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs this very command in several processes on an embedded queue that this one owns, and passes on what stops it.
 * Returns the exit code that they ended with. Throws `aborted` where they were stopped, `workers-killed` where all were
 * killed.
 */
export async function forkWorkers({ out, workers = 1 }: QueueFlags): Promise<number> {
  const database = await openDatabase(path.join(out, 'queue'));
  const children: ChildProcess[] = [];
  let stopped = false;
  const stop = (name: NodeJS.Signals) => {
    stopped = true;
    stopAs(name === 'SIGTERM' ? EXIT_CODE.terminated : EXIT_CODE.stopped);
    for (const child of children) child.kill('SIGINT');
  };
  for (const name of STOPPING) process.on(name, stop);
  try {
    for (let i = 0; i < workers; i++) children.push(forkWorker(database));
    const codes = await Promise.all(
      children.map(async (child) => (await once(child, 'exit'))[0] as number | null),
    );
    if (stopped)
      throw new IchorError('aborted', 'stopped; the same command goes on from the last checkpoints');
    return commonCode(codes.filter((code) => code !== null));
  } finally {
    for (const name of STOPPING) process.off(name, stop);
    await database.close();
  }
}

/** Of those that were not killed, each of which said itself why it ended: one that did the work speaks for all. */
function commonCode(codes: readonly number[]): number {
  const [first] = codes;
  if (first === undefined)
    throw new IchorError('workers-killed', 'all workers were killed; give the same command to go on');
  if (codes.includes(EXIT_CODE.predicted)) return EXIT_CODE.predicted;
  return codes.every((code) => code === first) ? first : EXIT_CODE.fault;
}

function forkWorker(database: QueueDatabase): ChildProcess {
  const child = fork(process.argv[1] as string, process.argv.slice(2), {
    env: { ...process.env, [FORKED]: '1' },
    serialization: 'advanced',
    // What a terminal sends goes to this process alone, which stays for the workers' last words
    detached: true,
  });
  database.serve(child);
  return child;
}
