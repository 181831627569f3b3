import { z } from 'zod';
import { RefusedInput } from '../../base/index.ts';
import { readCheckpointFile, writeCheckpointFile } from '../common/checkpoint-file.ts';
import type { OptimiserState } from '../common/optimiser.ts';
import { bestSchema } from './best-weights.ts';

const CHECKPOINT_SCHEMA = 'ichor-checkpoint-1';

/** The epoch of the best weights where no epoch has gone below the frozen stage before them. */
export const FROZEN_STAGE = -1;

/** Where a network's training stands, between two steps of Adam. */
const positionSchema = z.strictObject({
  schema: z.literal(CHECKPOINT_SCHEMA),
  /** What the run is made of; another run's checkpoint is refused. */
  run: z.string(),
  steps: z.number().int(),
  /** From 0. */
  epoch: z.number().int(),
  /** Scans of the epoch that are done. */
  scans: z.number().int(),
  /** Sum of the losses of those scans. */
  lossSum: z.number(),
  /** Of the stage before the epochs, those that are done; absent where it is over, or was none. */
  frozenEpochs: z.number().int().optional(),
  best: bestSchema.optional(),
  ended: z.enum(['patience', 'most-epochs']).optional(),
});
export type Position = z.infer<typeof positionSchema>;

export const startPosition = (run: string): Position => ({
  schema: CHECKPOINT_SCHEMA,
  run,
  steps: 0,
  epoch: 0,
  scans: 0,
  lossSum: 0,
});

export interface Checkpoint {
  readonly position: Position;
  readonly state: OptimiserState;
}

/** Weights, moments and position in one file, written whole or not at all. */
export async function writeCheckpoint(file: string, { position, state }: Checkpoint): Promise<void> {
  const { weights, firstMoments, secondMoments } = state;
  await writeCheckpointFile(file, { position, parts: { weights, firstMoments, secondMoments } });
}

/** Throws RefusedInput `checkpoint-of-another-run`, `checkpoint-unreadable`; undefined where there is none yet. */
export async function readCheckpoint(file: string, run: string): Promise<Checkpoint | undefined> {
  const found = await readCheckpointFile(file, positionSchema);
  if (found === undefined) return undefined;
  const { position, parts } = found;
  if (position.run !== run) {
    const text = `${file}: its settings, split or data are not this run's; take another --out, or the settings it was started with`;
    throw new RefusedInput('checkpoint-of-another-run', text);
  }
  const { weights = {}, firstMoments = {}, secondMoments = {} } = parts;
  return { position, state: { weights, firstMoments, secondMoments, steps: position.steps } };
}

/** Where the run stood at its last checkpoint, whoever's it is. Throws RefusedInput `checkpoint-unreadable`. */
export async function readPosition(file: string): Promise<Position> {
  const found = await readCheckpointFile(file, positionSchema);
  if (found === undefined) throw new RefusedInput('checkpoint-unreadable', `${file} is not there`);
  return found.position;
}
