import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Job, type JobAttempt, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { at, IchorError, messageOf, plainText } from '../base/index.ts';
import type { QueueDatabase } from './queue-database.ts';

export interface QueueJob<Payload extends object> {
  /** Unique among the queue's jobs: one that is added again is the same job. */
  readonly id: string;
  readonly payload: Payload;
}

export interface QueueOptions {
  /** One kind of job, one queue: `experiment-paper`. Letters, digits, `-`. */
  readonly kind: string;
  /** A job whose worker has been silent for so long is given to another; at least 10. */
  readonly silentSeconds?: number;
  /** A job that failed or lost its worker so many times is given up. */
  readonly tries?: number;
}

/** What is known of a job. */
export interface JobState<Result> {
  readonly id: string;
  readonly state: 'waiting' | 'active' | 'done' | 'failed';
  readonly result?: Result;
  readonly error?: string;
}

/** The signal is the worker's own, and tells too that the job was given to another worker: this one is to stop. */
export type JobHandler<Payload extends object, Result extends object> = (
  job: QueueJob<Payload>,
  signal: AbortSignal,
) => Promise<Result>;

/** Jobs that outlive the processes that work on them. */
export interface JobQueue<Payload extends object, Result extends object> {
  /** Jobs that are there already, waiting or done, stay as they are; one that was given up is tried once more. */
  add(jobs: readonly QueueJob<Payload>[]): Promise<void>;
  /**
   * Takes jobs one after another until none is left, waiting for those that other workers have: theirs come back when
   * they fall silent. A handler that throws counts as a try, unless the signal stopped it: that is thrown, and the job
   * goes back. A job that has to follow another is added by its handler.
   */
  work(handler: JobHandler<Payload, Result>, signal?: AbortSignal): Promise<void>;
  states(): Promise<readonly JobState<Result>[]>;
  close(): Promise<void>;
}

const POLL_MS = 300;
/** Between two looks for silent workers. */
const SUPERVISE_MS = 3000;
const SCHEMA = 'ichor_queue';
/** Of waiting, working and done: whoever works is known by being heard of, and nothing is lost for having waited. */
const KEPT_SECONDS = 365 * 24 * 3600;
const MOST_JOBS = 100_000;
const STATES = { created: 'waiting', retry: 'waiting', active: 'active', completed: 'done' } as const;

/** A queue in a database (pg-boss). Throws IchorError `queue-unreachable`. */
export async function openQueue<Payload extends object, Result extends object>(
  database: QueueDatabase,
  { kind, silentSeconds = 30, tries = 3 }: QueueOptions,
): Promise<JobQueue<Payload, Result>> {
  const boss = new PgBoss({
    ...database.options,
    schema: SCHEMA,
    schedule: false,
    supervise: false,
    monitorIntervalSeconds: SUPERVISE_MS / 1000,
  });
  // Polling goes on after a lost connection; what a call itself meets is thrown by the call
  boss.on('error', complain);
  await boss.start().catch((thrown: unknown) => {
    throw new IchorError('queue-unreachable', `the queue's database cannot be used: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  });
  await boss.createQueue(kind, {
    heartbeatSeconds: silentSeconds,
    retryLimit: tries - 1,
    retryDelay: 1,
  });
  const add = async (jobs: readonly QueueJob<Payload>[]): Promise<void> => {
    if (jobs.length === 0) return;
    const ids = jobs.map((job) => uuidOf(kind, job.id));
    // Given with each job, where no cap of 24 hours holds as for a whole queue
    await boss.insert(
      kind,
      jobs.map((data, i) => ({
        id: at(ids, i),
        data,
        expireInSeconds: KEPT_SECONDS,
        retentionSeconds: KEPT_SECONDS,
        deleteAfterSeconds: KEPT_SECONDS,
      })),
    );
    await boss.retry(kind, ids);
  };
  const states = async (): Promise<JobState<Result>[]> => {
    const jobs = await boss.findJobs<QueueJob<Payload>>(kind, { limit: MOST_JOBS });
    return jobs.map(({ data, state, output }) => ({
      id: data.id,
      state: STATES[state as keyof typeof STATES] ?? 'failed',
      ...(state === 'completed' && { result: output as Result }),
      ...(state === 'failed' && { error: JSON.stringify(output) }),
    }));
  };
  const work = async (handler: JobHandler<Payload, Result>, signal?: AbortSignal): Promise<void> => {
    let supervisedAt = 0;
    while (!signal?.aborted) {
      const [job] = await boss.fetch<QueueJob<Payload>>(kind);
      if (job !== undefined) {
        await workOn({ boss, kind, silentSeconds, signal }, job, handler);
        continue;
      }
      if (Date.now() - supervisedAt > SUPERVISE_MS) {
        await boss.supervise(kind);
        supervisedAt = Date.now();
      }
      if ((await states()).every(({ state }) => state === 'done' || state === 'failed')) return;
      await pause(POLL_MS);
    }
  };
  return { add, states, work, close: () => boss.stop() };
}

/** A lost connection ends no job: what the job's own end meets is thrown. */
function complain(thrown: unknown): void {
  process.stderr.write(`ichor: the queue's database: ${plainText(messageOf(thrown))}\n`);
}

interface Workplace {
  readonly boss: PgBoss;
  readonly kind: string;
  readonly silentSeconds: number;
  readonly signal: AbortSignal | undefined;
}

/** Its types leave out what pg-boss answers. */
const touchedSchema = z.object({ affected: z.number() });

/**
 * One job to its end; its worker is heard of while it lasts. Whatever is said of the job is said of this attempt: where
 * another worker has the job by now, nothing is changed and the handler is told.
 */
async function workOn<Payload extends object, Result extends object>(
  { boss, kind, silentSeconds, signal }: Workplace,
  { id, retryCount, data }: Job<QueueJob<Payload>>,
  handler: JobHandler<Payload, Result>,
): Promise<void> {
  const attempt: JobAttempt = { id, retryCount };
  const lost = new AbortController();
  const touch = async (): Promise<void> => {
    const { affected } = touchedSchema.parse(await boss.touch(kind, attempt));
    if (affected === 0) lost.abort(new IchorError('job-lost', `${data.id} was given to another worker`));
  };
  const alive = setInterval(() => void touch().catch(complain), (1000 * silentSeconds) / 3);
  try {
    const result = await handler(data, AbortSignal.any([lost.signal, ...(signal ? [signal] : [])]));
    await boss.complete(kind, attempt, result);
  } catch (thrown) {
    if (signal?.aborted) {
      // Where even that fails the job falls silent, and goes back so
      await giveBack(boss, kind, attempt).catch(complain);
      throw thrown;
    }
    await boss.fail(kind, attempt, { message: messageOf(thrown) });
  } finally {
    clearInterval(alive);
  }
}

/** A job that was stopped waits again, with one try more than it had: pg-boss counts each that began. */
async function giveBack(boss: PgBoss, kind: string, attempt: JobAttempt): Promise<void> {
  const oneMore = `UPDATE ${SCHEMA}.job SET retry_limit = retry_limit + 1 WHERE name = $1 AND id = $2 AND retry_count = $3 AND state = 'active'`;
  await boss.getDb().executeSql(oneMore, [kind, attempt.id, attempt.retryCount]);
  await boss.fail(kind, attempt, { message: 'stopped' });
}

/** The same for the same job on every machine. */
function uuidOf(kind: string, id: string): string {
  const hex = createHash('sha256').update(`${kind}/${id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
