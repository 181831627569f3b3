import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { studyKey } from '../../cohort/index.ts';
import { initialiseWeights, readModel, TASK_NAMES } from '../../network/index.ts';
import { startOptimiser } from '../common/optimiser.ts';
import { writeWeights } from '../weights-file.ts';
import { bestWeightsFile, writeBestWeights } from './best-weights.ts';
import { FROZEN_STAGE, type Position, startPosition, writeCheckpoint } from './checkpoint.ts';
import { exportRun } from './export-run.ts';
import { SETTINGS_FILE } from './run-folder.ts';
import type { TrainingSettings } from './settings.ts';
import { formOf } from './trained-network.ts';
import { TINY_SETTINGS, tinyCohort } from './training-fixture.ts';

const settings: TrainingSettings = { ...TINY_SETTINGS, cnn: 'compact-vgg16-128' };
const cohort = tinyCohort(2);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-export-'));
  const [training, validation] = cohort.studies.map((study) => ({ studies: [studyKey(study)] }));
  await writeFile(path.join(folder, SETTINGS_FILE), JSON.stringify({ settings, training, validation }));
});
afterAll(() => rm(folder, { recursive: true }));

const weightsOf = (task: (typeof TASK_NAMES)[number]) => initialiseWeights(formOf(settings, task).specs, 1);
async function standAt(position: Partial<Position>): Promise<void> {
  for (const task of TASK_NAMES) {
    const checkpoint = {
      position: { ...startPosition('run'), ...position },
      state: startOptimiser(weightsOf(task)),
    };
    await writeCheckpoint(path.join(folder, `${task}.checkpoint`), checkpoint);
  }
}

test('the card tells what the exported weights reached, wherever the checkpoint stands', async () => {
  for (const task of TASK_NAMES)
    await writeBestWeights(bestWeightsFile(folder, task), weightsOf(task), {
      epoch: FROZEN_STAGE,
      loss: 0.25,
    });
  // The checkpoint from which the stage with frozen convolutions starts
  await standAt({ frozenEpochs: 0 });
  const { bytes, about } = await exportRun(folder, cohort);
  expect(about).toContain('twoType: epoch 0 (the convolutions frozen) of 0');
  const { card } = readModel(bytes, 'so-far.onnx');
  expect(card.performance.map(({ value }) => value)).toEqual(
    Array(2).fill('0.2500 in epoch 0 (the convolutions frozen)'),
  );
  for (const task of TASK_NAMES)
    await writeBestWeights(bestWeightsFile(folder, task), weightsOf(task), { epoch: 2, loss: 0.125 });
  // That of the epoch before
  await standAt({ epoch: 2, best: { epoch: 1, loss: 0.2 } });
  expect((await exportRun(folder, cohort)).about).toContain('twoType: epoch 3 of 3');
});

test('weights of an early version are told by their checkpoint, and in the stage before the epochs not at all', async () => {
  for (const task of TASK_NAMES) await writeWeights(bestWeightsFile(folder, task), weightsOf(task));
  await standAt({ epoch: 2, best: { epoch: 1, loss: 0.2 } });
  expect((await exportRun(folder, cohort)).about).toContain('twoType: epoch 2 of 2');
  await standAt({ frozenEpochs: 1, best: { epoch: 0, loss: 0.2 } });
  await expect(exportRun(folder, cohort)).rejects.toMatchObject({
    code: 'run-not-exportable',
    message: expect.stringContaining('has finished no epoch of the twoType network yet'),
  });
});
