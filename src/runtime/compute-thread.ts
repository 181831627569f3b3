import { Worker } from 'node:worker_threads';
import {
  type ComputeReply,
  type ComputeThread,
  closedRuntime,
  IchorError,
  OpenQuestions,
} from '../base/index.ts';

// Published builds hold .js files, sources .ts: the worker's ending is that of this file
const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKER = new URL(`./compute-worker.${ENDING}`, import.meta.url);

/** Starts the thread; it keeps the process alive only while something is being asked. */
export function startComputeThread(worker: Worker = new Worker(WORKER)): ComputeThread {
  const questions = new OpenQuestions();
  worker.unref();
  worker.on('message', (reply: ComputeReply) => {
    questions.settle(reply);
    if (questions.none) worker.unref();
  });
  worker.on('error', (thrown) => questions.end(new Error('the computing thread failed', { cause: thrown })));
  worker.on('exit', (code) => questions.end(endedThread(code)));
  return {
    ask: (question) =>
      questions.ask((id) => {
        worker.ref();
        worker.postMessage({ id, question });
      }),
    stop: async () => {
      questions.end(closedRuntime());
      await worker.terminate();
    },
  };
}

const endedThread = (code: number): IchorError =>
  new IchorError('runtime-ended', `the computing thread ended by itself (code ${code}); start again`);
