import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { IchorError } from '../base/index.ts';
import type { ExperimentQueue, QueuedExperimentJob } from '../experiment/index.ts';
import { openDatabase, openQueue, parentDatabase, type QueueDatabase } from '../queue/index.ts';

export interface QueueFlags {
  readonly out: string;
  readonly queue?: string;
  readonly workers?: number;
}

/** Set in the processes that `--workers` forks. */
const FORKED = 'ICHOR_FORKED_WORKER';

export const isForkedWorker = (): boolean => process.env[FORKED] === '1';

/** The queue that the flags name, an experiment's own; undefined where jobs run one after another without one. */
export async function openExperimentQueue(
  { queue }: QueueFlags,
  experiment: string,
): Promise<{ queue: ExperimentQueue; close(): Promise<void> } | undefined> {
  if (queue === undefined && !isForkedWorker()) return undefined;
  const database = isForkedWorker() ? parentDatabase() : await openDatabase(queue as string);
  const opened = await openQueue<QueuedExperimentJob, QueuedExperimentJob>(database, {
    kind: `experiment-paper-${experiment}`,
    silentSeconds: 60,
    tries: 5,
  });
  const close = async (): Promise<void> => {
    await opened.close();
    await database.close();
    if (isForkedWorker()) process.disconnect();
  };
  return { queue: opened, close };
}

/** Ctrl-C, an end that a service asks for, a terminal that closes: the workers write their checkpoints first. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs this very command in several processes on an embedded queue that this one owns, and passes on what stops it.
 * Throws `aborted` where that stopped them, `workers-failed` where none came to the end otherwise.
 */
export async function forkWorkers({ out, workers = 1 }: QueueFlags): Promise<void> {
  const database = await openDatabase(path.join(out, 'queue'));
  const children = Array.from({ length: workers }, () => forkWorker(database));
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const child of children) child.kill('SIGINT');
  };
  for (const name of STOPPING) process.on(name, stop);
  const codes = await Promise.all(
    children.map(async (child) => (await once(child, 'exit'))[0] as number | null),
  );
  for (const name of STOPPING) process.off(name, stop);
  await database.close();
  if (stopped) throw new IchorError('aborted', 'stopped; the same command goes on from the last checkpoints');
  if (codes.includes(0)) return;
  throw new IchorError(
    'workers-failed',
    `all ${workers} workers ended early; give the same command to go on`,
  );
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
