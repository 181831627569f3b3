import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { EXIT_CODE, IchorError } from '../base/index.ts';
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

/**
 * Runs this very command in several processes on an embedded queue that this one owns, and passes Ctrl-C on to them.
 * Throws `aborted` where that stopped them, `workers-failed` where none came to the end otherwise.
 */
export async function forkWorkers({ out, workers = 1 }: QueueFlags): Promise<void> {
  const database = await openDatabase(path.join(out, 'queue'));
  const children = Array.from({ length: workers }, () => forkWorker(database));
  const passOn = () => {
    for (const child of children) child.kill('SIGINT');
  };
  process.on('SIGINT', passOn);
  const codes = await Promise.all(
    children.map(async (child) => (await once(child, 'exit'))[0] as number | null),
  );
  process.off('SIGINT', passOn);
  await database.close();
  if (codes.includes(0)) return;
  if (codes.includes(EXIT_CODE.stopped))
    throw new IchorError('aborted', 'stopped; the same command goes on from the last checkpoints');
  throw new IchorError(
    'workers-failed',
    `all ${workers} workers ended early; give the same command to go on`,
  );
}

function forkWorker(database: QueueDatabase): ChildProcess {
  const child = fork(process.argv[1] as string, process.argv.slice(2), {
    env: { ...process.env, [FORKED]: '1' },
    serialization: 'advanced',
    // Ctrl-C in a terminal goes to this process alone, which stays for the workers' last words
    detached: true,
  });
  database.serve(child);
  return child;
}
