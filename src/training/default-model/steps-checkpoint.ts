import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { floatsOf, type Random } from '../../base/index.ts';
import type { Weights } from '../../network/index.ts';
import { readCheckpointFile, writeCheckpointFile } from '../common/checkpoint-file.ts';
import { type OptimiserState, restoreOptimiser, startOptimiser } from '../common/optimiser.ts';
import { keptWeights } from '../weights-file.ts';
import { copyOf } from './moving-average.ts';

/** Where takeSteps keeps itself, so that a training that was stopped goes on and ends with the same weights. */
export interface StepsCheckpoint {
  readonly file: string;
  /** What the feeds are drawn from. */
  readonly random: Random;
  /** What `onStep` averages, in place. */
  readonly statistics?: Weights;
  /** Written when so much time has passed since the last one. */
  readonly everyMs?: number;
}

/** Between two steps. */
export interface StepsState {
  readonly optimiser: OptimiserState;
  /** Averaged in place. */
  readonly averaged: Weights;
}

const EVERY_MS = 5 * 60_000;

const positionSchema = z.strictObject({
  schema: z.literal('ichor-steps-1'),
  steps: z.number().int(),
  drawn: z.number().int(),
});

/** As the checkpoint says, else from the parameters on. Throws RefusedInput `checkpoint-unreadable`. */
export async function stepsState(parameters: Weights, checkpoint?: StepsCheckpoint): Promise<StepsState> {
  const found = checkpoint && (await readCheckpointFile(checkpoint.file, positionSchema));
  if (found === undefined) return { optimiser: startOptimiser(parameters), averaged: copyOf(parameters) };
  const { position, parts } = found;
  checkpoint?.random.goTo(position.drawn);
  for (const [name, kept] of Object.entries(checkpoint?.statistics ?? {}))
    floatsOf({ kept }, 'kept').set(floatsOf(parts.statistics ?? {}, name));
  const { weights = {}, firstMoments = {}, secondMoments = {}, averaged = {} } = parts;
  const kept = { weights, firstMoments, secondMoments, steps: position.steps };
  return { optimiser: restoreOptimiser(kept), averaged };
}

/** Gives what is called after every step; without a checkpoint it does nothing. */
export function createKeeper(checkpoint?: StepsCheckpoint): (state: StepsState) => Promise<void> {
  if (checkpoint === undefined) return async () => {};
  const { file, random, statistics = {}, everyMs = EVERY_MS } = checkpoint;
  let last = performance.now();
  return async ({ optimiser, averaged }) => {
    if (performance.now() - last < everyMs) return;
    const { steps, ...parts } = optimiser;
    const position = { schema: 'ichor-steps-1', steps, drawn: random.position() };
    await writeCheckpointFile(file, { position, parts: { ...parts, averaged, statistics } });
    last = performance.now();
  };
}

/** The weights of a file, else what the training gives, which is kept there; its checkpoint lies beside until then. */
export async function keptTraining(
  file: string,
  train: (checkpointFile: string) => Promise<Weights>,
): Promise<Weights> {
  const checkpointFile = `${file}.checkpoint`;
  const weights = await keptWeights(file, () => train(checkpointFile));
  await rm(checkpointFile, { force: true });
  return weights;
}
