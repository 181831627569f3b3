import type { Archive, IndexInDatabase, JobBoard } from '../../archive/index.ts';
import { type ClerkEvents, startClerk } from './clerk.ts';
import type { PredictorOptions } from './predict-messages.ts';
import { openPredictor, type Predictor } from './predictor.ts';
import { startWorker } from './worker.ts';

export interface PredictingOptions extends Omit<PredictorOptions, 'model'>, ClerkEvents {
  /** Model file; the bundled one without it. */
  readonly file?: string;
  /** Whether this process predicts too. */
  readonly here: boolean;
}

export interface Predicting {
  /** The model is open, and the database has told what waits. */
  readonly hasBegun: boolean;
  close(): Promise<void>;
}

interface Parts {
  readonly archive: Archive;
  readonly index: Promise<IndexInDatabase>;
  readonly board: JobBoard;
}

const LAST_PREDICTION_MS = 20_000;

/**
 * Studies to their results: by a worker of the service's own, where it is to have one, and by those elsewhere. Resolves when the
 * model is open; predicting begins when the database is, which takes seconds where an embedded one is made.
 */
export async function startPredicting(
  parts: Parts,
  { here, file, predicted, stopRule, log, ...computing }: PredictingOptions,
): Promise<Predicting> {
  const predictor = here ? await openPredictor({ ...computing, ...(file && { model: file }) }) : undefined;
  const stack = new AsyncDisposableStack();
  if (predictor !== undefined) stack.defer(() => predictor.close());
  let hasBegun = false;
  let isClosing = false;
  const beginning = parts.index.then((index) => {
    if (isClosing) return;
    begin(stack, parts, index, { predicted, stopRule, log }, predictor);
    hasBegun = true;
  });
  // Who opens the database hears of its failure
  beginning.catch(() => undefined);
  return {
    get hasBegun() {
      return hasBegun;
    },
    close: async () => {
      isClosing = true;
      await beginning;
      await stack.disposeAsync();
    },
  };
}

function begin(
  stack: AsyncDisposableStack,
  { archive, board }: Parts,
  index: IndexInDatabase,
  events: ClerkEvents,
  predictor: Predictor | undefined,
): void {
  const clerk = startClerk(archive, board, events);
  stack.defer(() => clerk.close());
  if (predictor === undefined) return;
  const worker = startWorker(clerk.source, predictor, events.log);
  stack.defer(() => worker.close(LAST_PREDICTION_MS));
  const ring = (): void => worker.ring();
  const stopListening = archive.onEntry((entry) => {
    // A database that is away rings nobody: the worker looks by itself
    if (entry.event === 'moved' && entry.to === 'queued') index.upToDate().then(ring, () => undefined);
  });
  stack.defer(stopListening);
}
