import {
  type ComputeReply,
  type ComputeThread,
  closedRuntime,
  IchorError,
  OpenQuestions,
} from '../base/index.ts';

/** Starts the worker. A Web Worker tells its faults, but not its end: only `stop` ends it. */
export function startWebThread(): ComputeThread {
  // Bundlers look for this very form; they find the source by the name that its build has
  const worker = new Worker(new URL('./compute-worker.js', import.meta.url), { type: 'module' });
  const questions = new OpenQuestions();
  worker.addEventListener('message', ({ data }: MessageEvent<ComputeReply>) => questions.settle(data));
  worker.addEventListener('error', ({ message }) => questions.end(failedThread(message)));
  worker.addEventListener('messageerror', () => questions.end(failedThread('a message was unreadable')));
  return {
    ask: (question) => questions.ask((id) => worker.postMessage({ id, question })),
    stop: async () => {
      questions.end(closedRuntime());
      worker.terminate();
    },
  };
}

/** A script that does not load says nothing at all. */
const failedThread = (message: string | undefined): IchorError =>
  new IchorError(
    'runtime-ended',
    message ? `the computing worker failed: ${message}` : "the computing worker's script could not be loaded",
  );
