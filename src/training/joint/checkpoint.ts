import { existsSync } from 'node:fs';
import { z } from 'zod';
import { RefusedInput } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import type { OptimiserState } from '../common/optimiser.ts';
import { readWeightsFile, writeWeights } from '../weights-file.ts';
import { bestSchema } from './best-weights.ts';

const CHECKPOINT_SCHEMA = 'ichor-checkpoint-1';
const STATE_KEY = 'ichor.checkpoint';
const PARTS = ['weights', 'firstMoments', 'secondMoments'] as const;

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
  const tensors = PARTS.flatMap((part) =>
    Object.entries(state[part]).map(([name, tensor]) => [`${part}/${name}`, tensor] as const),
  );
  await writeWeights(file, Object.fromEntries(tensors), { [STATE_KEY]: JSON.stringify(position) });
}

/** Throws RefusedInput `checkpoint-of-another-run`, `checkpoint-unreadable`; undefined where there is none yet. */
export async function readCheckpoint(file: string, run: string): Promise<Checkpoint | undefined> {
  if (!existsSync(file)) return undefined;
  const { weights, metadata } = await readWeightsFile(file);
  const position = positionOf(metadata[STATE_KEY], file);
  if (position.run !== run) {
    const text = `${file}: its settings, split or data are not this run's; take another --out, or the settings it was started with`;
    throw new RefusedInput('checkpoint-of-another-run', text);
  }
  const part = (prefix: string): Weights =>
    Object.fromEntries(
      Object.entries(weights).flatMap(([name, tensor]) =>
        name.startsWith(`${prefix}/`) ? [[name.slice(prefix.length + 1), tensor] as const] : [],
      ),
    );
  const [found, firstMoments, secondMoments] = PARTS.map(part) as [Weights, Weights, Weights];
  return { position, state: { weights: found, firstMoments, secondMoments, steps: position.steps } };
}

/** Where the run stood at its last checkpoint, whoever's it is. Throws RefusedInput `checkpoint-unreadable`. */
export const readPosition = async (file: string): Promise<Position> =>
  positionOf((await readWeightsFile(file)).metadata[STATE_KEY], file);

function positionOf(text: string | undefined, file: string): Position {
  const parsed = positionSchema.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (parsed.success) return parsed.data;
  const expected = `${file}: no checkpoint of this version (${CHECKPOINT_SCHEMA}); delete it to start again`;
  throw new RefusedInput('checkpoint-unreadable', expected);
}
