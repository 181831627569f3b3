import type { Job } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import { createBell } from '../bell.ts';
import type { StopRule } from '../drift/outside.ts';
import type { StudyToPredict, Told } from './predict-messages.ts';
import type { Predictor } from './predictor.ts';

/** Where a worker gets its studies and tells what became of them. Each call throws while the database is away. */
export interface JobSource {
  /** The next study, for this worker alone; undefined where none waits. */
  take(): Promise<Job | undefined>;
  /** Files of the study, for this job. */
  pathsOf(job: Job): Promise<readonly string[]>;
  /** The folder of the study's newest earlier result; undefined where there is none, or it cannot be reached from here. */
  earlierResultOf(job: Job): Promise<string | undefined>;
  /** What results are held to now; undefined while no reference period was accepted. */
  stopRule(): Promise<StopRule | undefined>;
  /** Tells that the worker is at it; false where the study is no longer its own. */
  heard(job: Job, progress: number): Promise<boolean>;
  /** Once the worker was told to stop, nothing is waited for any more. */
  handIn(job: Job, told: Told, stopped: AbortSignal): Promise<void>;
  /** The worker is done with the job, however it ended: what was fetched for it goes. */
  left(job: Job): Promise<void>;
}

/** Predicts what is queued, one study after another, as long as it stands. */
export interface StandingWorker {
  /** Looks at once whether there is something to do. */
  ring(): void;
  /** Takes no other study; the one under way has so long to end, else it goes back to the queue. */
  close(withinMs: number): Promise<void>;
}

/** A worker that was not heard of for so long has lost its study to whoever asks next. */
export const SILENT_SECONDS = 30;
const HEARD_MS = 2000;
const LOOK_MS = 500;
/** After what is no study's doing; twice as long each time that a study could not be read. */
const [WAIT_MS, LONGEST_WAIT_MS] = [5000, 300_000];
const STOPPED: Told = {
  kind: 'stopped',
  reason: { code: 'stopped', text: 'the worker was stopped before the result' },
};

export function startWorker(
  source: JobSource,
  predictor: Predictor,
  log: (text: string) => void,
): StandingWorker {
  let isClosing = false;
  const stopping = new AbortController();
  const bell = createBell();
  const closing = createBell();
  const work = async (): Promise<void> => {
    let unread = 0;
    while (!isClosing) {
      const job = await source.take();
      if (job === undefined) await bell.wait(LOOK_MS);
      else if (await predict(source, predictor, job, stopping.signal, log)) unread = 0;
      // Others may reach what this one does not
      else await closing.wait(Math.min(LONGEST_WAIT_MS, WAIT_MS * 2 ** unread++));
    }
  };
  const standing = async (): Promise<void> => {
    while (!isClosing)
      await work().catch(async (thrown: unknown) => {
        log(`the worker waits: ${messageOf(thrown)}`);
        // Not woken by what is queued: the study that could not be handed in is
        await closing.wait(WAIT_MS);
      });
  };
  const working = standing();
  return {
    ring: () => bell.ring(),
    close: async (withinMs) => {
      isClosing = true;
      bell.ring();
      closing.ring();
      const timer = setTimeout(() => {
        stopping.abort();
        predictor.stop();
      }, withinMs);
      await working;
      clearTimeout(timer);
    },
  };
}

/**
 * One study to what becomes of it; while the worker is at it, it is heard of. False where it could not be read from here: it
 * goes back at once, as one that was never tried.
 */
async function predict(
  source: JobSource,
  predictor: Predictor,
  job: Job,
  stopped: AbortSignal,
  log: (text: string) => void,
): Promise<boolean> {
  let progress = 0;
  const timer = setInterval(() => {
    source.heard(job, progress).then(
      (isOurs) => {
        if (!isOurs) predictor.stop();
      },
      // A database that is away may be back before the result
      () => undefined,
    );
  }, HEARD_MS);
  try {
    const study = await studyOf(source, job).catch((thrown: unknown) => messageOf(thrown));
    if (typeof study === 'string') {
      log(`a study goes back, since it cannot be read from here: ${study}`);
      await source.handIn(job, notRead(study), stopped);
      return false;
    }
    const told = await predictor.predict(study, (now) => {
      progress = now;
    });
    await source.handIn(job, stopped.aborted ? STOPPED : told, stopped);
    return true;
  } finally {
    clearInterval(timer);
    await source.left(job);
  }
}

const studyOf = async (source: JobSource, job: Job): Promise<StudyToPredict> => ({
  paths: await source.pathsOf(job),
  earlierResult: await source.earlierResultOf(job),
  stopRule: await source.stopRule(),
});

const notRead = (why: string): Told => ({
  kind: 'stopped',
  reason: { code: 'stopped', text: `a worker could not read the study: ${why}` },
});
