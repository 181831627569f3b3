import type { Archive, IndexInDatabase, JobBoard } from '../../archive/index.ts';
import { type ClerkEvents, startClerk } from './clerk.ts';
import type { PredictorOptions } from './predict-messages.ts';
import { openPredictor } from './predictor.ts';
import { startWorker } from './worker.ts';

export interface PredictingOptions extends Omit<PredictorOptions, 'model'>, ClerkEvents {
  /** Model file; the bundled one without it. */
  readonly file?: string;
  /** Whether this process predicts too. */
  readonly here: boolean;
}

const LAST_PREDICTION_MS = 20_000;

/** Studies to their results: by a worker of the service's own, where it is to have one, and by those elsewhere. */
export async function startPredicting(
  parts: { readonly archive: Archive; readonly index: Promise<IndexInDatabase>; readonly board: JobBoard },
  { here, file, predicted, log, ...computing }: PredictingOptions,
): Promise<{ close(): Promise<void> }> {
  const { archive, board } = parts;
  const stack = new AsyncDisposableStack();
  try {
    const predictor = here ? await openPredictor({ ...computing, ...(file && { model: file }) }) : undefined;
    if (predictor !== undefined) stack.defer(() => predictor.close());
    const index = await parts.index;
    const clerk = startClerk(archive, board, { predicted, log });
    stack.defer(() => clerk.close());
    if (predictor === undefined) return { close: () => stack.disposeAsync() };
    const worker = startWorker(clerk.source, predictor, log);
    stack.defer(() => worker.close(LAST_PREDICTION_MS));
    const ring = (): void => worker.ring();
    const stopListening = archive.onEntry((entry) => {
      // A database that is away rings nobody: the worker looks by itself
      if (entry.event === 'moved' && entry.to === 'queued') index.upToDate().then(ring, () => undefined);
    });
    stack.defer(stopListening);
    return { close: () => stack.disposeAsync() };
  } catch (thrown) {
    await stack.disposeAsync();
    throw thrown;
  }
}
