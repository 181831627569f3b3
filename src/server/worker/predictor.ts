import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { IchorError, messageOf } from '../../base/index.ts';
import type {
  FromPredictor,
  PredictorOptions,
  StudyToPredict,
  Told,
  ToPredictor,
} from './predict-messages.ts';

/** A process with an open model, which reads and predicts beside ours. */
export interface Predictor {
  /**
   * What became of the study, and meanwhile how far it is, from 0 to 1; its process is started anew where it
   * had ended. Throws nothing: a fault is told.
   */
  predict(study: StudyToPredict, onProgress: (progress: number) => void): Promise<Told>;
  /** Ends the study under way as a failed one. */
  stop(): void;
  close(): Promise<void>;
}

const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const WORKER = fileURLToPath(new URL(`./predict-worker.${ENDING}`, import.meta.url));

/** Starts the process and opens the model in it. Throws IchorError as openModel does, `worker-ended`, `worker-not-started`. */
export async function openPredictor(options: PredictorOptions): Promise<Predictor> {
  let child = await openChild(options);
  return {
    predict: async (study, onProgress) => {
      try {
        if (child.exitCode !== null || child.signalCode !== null) child = await openChild(options);
        const answer = await ask(child, { ask: 'predict', ...study }, onProgress);
        return answer.answer === 'told' ? answer.told : failed(ended());
      } catch (thrown) {
        return failed(thrown);
      }
    },
    stop: () => tell(child, { ask: 'stop' }),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

async function openChild(options: PredictorOptions): Promise<ChildProcess> {
  const child = forked();
  const opened = await ask(child, { ask: 'open', options });
  if (opened.answer === 'open') return child;
  child.kill();
  if (opened.answer !== 'not-open') throw ended();
  throw new IchorError(opened.reason.code, opened.reason.text);
}

/** Of some faults fork tells at once, of others by an event. */
function forked(): ChildProcess {
  try {
    return fork(WORKER, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  } catch (thrown) {
    throw notStarted(thrown);
  }
}

const notStarted = (cause: unknown): IchorError =>
  new IchorError(
    'worker-not-started',
    `the process that predicts cannot be started (${messageOf(cause)}); look whether memory, processes or open files ran out`,
    { cause },
  );

const ended = (): IchorError =>
  new IchorError(
    'worker-ended',
    'the process that predicts ended before its answer; look whether memory ran out',
  );

const failed = (thrown: unknown): Told => {
  const known = thrown instanceof IchorError ? thrown : ended();
  return { kind: 'failed', reason: { code: known.code, text: known.message } };
};

/** One question at a time. Throws IchorError `worker-ended`, `worker-not-started`. */
function ask(
  child: ChildProcess,
  question: ToPredictor,
  onProgress?: (progress: number) => void,
): Promise<FromPredictor> {
  return new Promise((resolve, reject) => {
    const isOver = () => {
      child.off('message', answered);
      child.off('exit', gone);
      child.off('error', broken);
    };
    const answered = (answer: FromPredictor) => {
      if (answer.answer === 'progress') return onProgress?.(answer.progress);
      isOver();
      resolve(answer);
    };
    const gone = () => {
      isOver();
      reject(ended());
    };
    const broken = (fault: Error) => {
      isOver();
      reject(notStarted(fault));
    };
    child.on('message', answered);
    child.once('exit', gone);
    child.once('error', broken);
    tell(child, question);
  });
}

/** One that is gone is seen by its exit, one that never was by its error: it may have no channel at all. */
const tell = (child: ChildProcess, message: ToPredictor): void => {
  if (child.connected) child.send(message, () => undefined);
};
