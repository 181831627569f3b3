import { Worker } from 'node:worker_threads';
import { IchorError } from '../base/index.ts';
import type { Reply, Request } from './messages.ts';

interface Waiting {
  readonly resolve: (result: NonNullable<Reply['result']>) => void;
  readonly reject: (fault: Error) => void;
}

/** The asking side of the computing thread. */
export interface ComputeThread {
  ask(request: Request): Promise<NonNullable<Reply['result']>>;
  stop(): Promise<void>;
}

/** Starts the thread; it keeps the process alive only while something is being asked. */
export function startComputeThread(): ComputeThread {
  // Published builds hold .js files, sources .ts: the worker's ending is that of this file
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./compute-worker.${ending}`, import.meta.url));
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let stopped: Error | undefined;

  const settle = (id: number): Waiting | undefined => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return asked;
  };
  const failAll = (fault: Error): void => {
    stopped = fault;
    for (const id of [...waiting.keys()]) settle(id)?.reject(fault);
  };
  worker.unref();
  worker.on('message', ({ id, result, fault }: Reply) => {
    const asked = settle(id);
    if (result === undefined) asked?.reject(new Error(fault));
    else asked?.resolve(result);
  });
  worker.on('error', (thrown) => failAll(new Error('the computing thread failed', { cause: thrown })));
  worker.on('exit', () => failAll(stopped ?? new IchorError('runtime-closed', 'the runtime is closed')));

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (stopped !== undefined) return reject(stopped);
        worker.ref();
        waiting.set(++count, { resolve, reject });
        worker.postMessage({ id: count, request });
      }),
    stop: async () => {
      await worker.terminate();
    },
  };
}
