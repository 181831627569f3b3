import type { Archive, HeldStudy, Reason } from '../../archive/index.ts';
import { messageOf } from '../../base/index.ts';
import { createBell } from '../bell.ts';
import { MOST_TRIES, nextStudy } from './next-study.ts';
import type { Predictor } from './predictor.ts';

export interface WorkerEvents {
  /** Seconds from the first byte read to the result kept. */
  predicted(seconds: number): void;
  log(text: string): void;
}

/** Predicts what is queued, one study after another, as long as it stands. */
export interface StandingWorker {
  /** Takes no other study; the one under way has so long to end, else it goes back to the queue. */
  close(withinMs: number): Promise<void>;
}

const BY = 'worker';
const LOOK_MS = 500;
const WORKER_ENDED: Reason = {
  code: 'worker-ended',
  text: 'the process that predicted it ended before the result',
};
const STOPPED: Reason = { code: 'stopped', text: 'the service was stopped before the result' };

/** What a process that was killed had under way waits again, or is given up where that happened too often. */
export async function takeUpWhereItWas(archive: Archive): Promise<void> {
  const left = [...archive.index.studies()].filter(({ state }) => state === 'predicting');
  for (const study of left) await giveBack(archive, study, WORKER_ENDED);
}

async function giveBack(archive: Archive, { study, tries }: HeldStudy, reason: Reason): Promise<void> {
  // A stop in order is no try (archive/): it never gives a study up
  const isGivenUp = tries >= MOST_TRIES && reason !== STOPPED;
  await archive.move(study, 'predicting', isGivenUp ? 'failed' : 'queued', BY, reason);
}

export function startWorker(archive: Archive, predictor: Predictor, events: WorkerEvents): StandingWorker {
  let isStopped = false;
  let isClosing = false;
  const bell = createBell();
  const stopListening = archive.onEntry(() => bell.ring());

  const work = async (): Promise<void> => {
    while (!isClosing) {
      const next = nextStudy(archive.index.studies(), Date.now());
      if (next === undefined) await bell.wait(LOOK_MS);
      else await predict({ archive, predictor, events, isStopped: () => isStopped }, next.study);
    }
  };
  const working = work();
  return {
    close: async (withinMs) => {
      isClosing = true;
      bell.ring();
      const timer = setTimeout(() => {
        isStopped = true;
        predictor.stop();
      }, withinMs);
      await working;
      clearTimeout(timer);
      stopListening();
    },
  };
}

interface Workplace {
  readonly archive: Archive;
  readonly predictor: Predictor;
  readonly events: WorkerEvents;
  isStopped(): boolean;
}

/** One study to its next state. A journal that takes nothing more leaves it where it is: the next start takes it up. */
async function predict(place: Workplace, study: string): Promise<void> {
  try {
    if (await place.archive.move(study, 'queued', 'predicting', BY)) await predictTaken(place, study);
  } catch (thrown) {
    place.events.log(`the journal does not take what the worker did: ${messageOf(thrown)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function predictTaken(
  { archive, predictor, events, isStopped }: Workplace,
  study: string,
): Promise<void> {
  const startedAt = performance.now();
  const told = await predictor.predict(archive.paths(study));
  if (told.kind === 'predicted') {
    if (await archive.finish(study, BY, told.result))
      events.predicted((performance.now() - startedAt) / 1000);
  } else if (told.kind === 'refused') {
    await archive.move(study, 'predicting', 'refused', BY, told.reason);
  } else {
    const held = archive.index.study(study);
    if (held !== undefined) await giveBack(archive, held, isStopped() ? STOPPED : told.reason);
  }
}
