import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Weights } from '../../network/index.ts';
import { readWeights, writeWeights } from '../weights-file.ts';
import type { CrossValidationTask } from './cross-validation.ts';
import { networkWeights, trainRun } from './run.ts';

/** Seed of the bundled model's own run. */
export const DEFAULT_SEED = 1;

/** Trains on every patient of the cohort; a finished run is found on disk. */
export async function trainDefault(task: Omit<CrossValidationTask, 'folds' | 'seeds'>): Promise<Weights> {
  const file = path.join(task.folder, 'default.weights');
  if (existsSync(file)) return readWeights(file);
  await mkdir(task.folder, { recursive: true });
  const copies = await task.workshop.copiesOf([...task.cohort.studies, ...task.phantoms]);
  const cnnFile = path.join(task.folder, 'default.cnn.weights');
  const { start, phantomCnnFile } = task.workshop;
  const run = await trainRun({ ...task, start, phantomCnnFile, copies, seed: DEFAULT_SEED, cnnFile });
  const weights = networkWeights(run);
  await writeWeights(file, weights);
  return weights;
}
