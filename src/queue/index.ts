/**
 * Jobs that outlive the processes that work on them, on PostgreSQL or embedded.
 *
 *     const database = await openDatabase('runs/queue');
 *     const queue = await openQueue(database, { kind: 'experiment' });
 *     await queue.add([{ id: 'sli-lab', payload: { epochs: 10 } }]);
 *     await queue.work(async ({ payload }) => trainAndJudge(payload));
 */

// Jobs

export type { JobHandler, JobQueue, JobState, QueueJob, QueueOptions } from './job-queue.ts';
export { openQueue } from './job-queue.ts';

// Where they are kept

export type { QueueDatabase } from './queue-database.ts';
export { isPostgresUrl, openDatabase, parentDatabase } from './queue-database.ts';
export { lockQueueFolder } from './queue-lock.ts';
