import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Weights } from '../../network/index.ts';
import { keptWeights } from '../weights-file.ts';
import type { CrossValidationTask } from './cross-validation.ts';
import { networkWeights, trainRun } from './run.ts';

/** Seed of the bundled model's own run. */
const DEFAULT_SEED = 1;

/** Trains on every patient of the cohort; a finished run is found on disk. */
export async function trainDefault(task: Omit<CrossValidationTask, 'folds' | 'runs'>): Promise<Weights> {
  await mkdir(task.folder, { recursive: true });
  return keptWeights(path.join(task.folder, 'default.weights'), async () => {
    const copies = await task.workshop.copiesOf([...task.cohort.studies, ...task.phantoms], {
      donors: task.cohort.studies,
    });
    const quietCopies = await task.workshop.copiesOf(task.quietPhantoms, { form: 'plain' });
    const stem = path.join(task.folder, 'default');
    const { start, phantomCnnFile } = task.workshop;
    return networkWeights(
      await trainRun({ ...task, start, phantomCnnFile, copies, quietCopies, seed: DEFAULT_SEED, stem }),
    );
  });
}
