/**
 * One pool of worker threads: a room names its worker file and the tasks, nobody else starts a thread, the computing
 * thread of runtime/ aside.
 */

// Asking: a pool of threads; inLanes of base/ keeps all of them busy

export type { AskOptions, ThreadPool } from './pool.ts';
export { openThreads } from './pool.ts';

// Answering: what a worker file exports

export type { ThreadTools, ThreadWork } from './work.ts';
export { threadWork } from './work.ts';
