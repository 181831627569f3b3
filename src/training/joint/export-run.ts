import { existsSync } from 'node:fs';
import path from 'node:path';
import { RefusedInput } from '../../base/index.ts';
import { type Cohort, studyKey } from '../../cohort/index.ts';
import { exportModel, TASK_NAMES, type TaskName, type Weights } from '../../network/index.ts';
import { readWeights } from '../weights-file.ts';
import { type TrainedPart, trainedCard } from './card.ts';
import { FROZEN_STAGE, readPosition } from './checkpoint.ts';
import { epochWords } from './epoch-words.ts';
import { readRunSettings, readRunStudies } from './run-folder.ts';

/**
 * The model file of a run's best weights so far, ended or not. Throws RefusedInput `run-not-exportable` for a rival, and
 * where a task has no weights yet; `cohort-of-another-run`, whose name the card would bear; UsageError `run-missing`.
 */
export async function exportRun(
  folder: string,
  cohort: Cohort,
): Promise<{ readonly bytes: Uint8Array; readonly about: string }> {
  const settings = await readRunSettings(folder);
  if (settings.network !== 'cnn-rnn')
    throw new RefusedInput(
      'run-not-exportable',
      `${folder} trained ${settings.network}, a network to compare with: model files hold the cnn-rnn`,
    );
  await refuseOtherCohort(folder, cohort);
  const networks = {
    twoType: await bestOf(folder, 'twoType'),
    fiveType: await bestOf(folder, 'fiveType'),
  };
  const bytes = exportModel(trainedCard(settings, cohort, networks), {
    ...networks.twoType.weights,
    ...networks.fiveType.weights,
  });
  const told = TASK_NAMES.map(
    (task) => `${task}: epoch ${epochWords(networks[task].best.epoch)} of ${networks[task].epochs}`,
  );
  return { bytes, about: told.join(', ') };
}

async function refuseOtherCohort(folder: string, { name, studies }: Cohort): Promise<void> {
  const run = await readRunStudies(folder);
  if (run === undefined) return;
  const theirs = [...run.training, ...run.validation];
  const given = new Set(studies.map(studyKey));
  // More may be there: a test part, studies that lacked a label
  const missing = theirs.filter((key) => !given.has(key)).length;
  if (missing === 0) return;
  const text = `${name} is not the cohort of ${folder}: of the ${theirs.length} studies that it trained on ${missing} are not there; give --cohort as in its training`;
  throw new RefusedInput('cohort-of-another-run', text);
}

async function bestOf(folder: string, task: TaskName): Promise<TrainedPart & { readonly weights: Weights }> {
  const [weights, checkpoint] = [`${task}.best.weights`, `${task}.checkpoint`].map((name) =>
    path.join(folder, name),
  );
  if (!existsSync(weights as string) || !existsSync(checkpoint as string))
    throw new RefusedInput(
      'run-not-exportable',
      `${folder} has finished no epoch of the ${task} network yet`,
    );
  const { best: found, frozenEpochs, epoch, ended } = await readPosition(checkpoint as string);
  const best = found && frozenEpochs !== undefined ? { ...found, epoch: FROZEN_STAGE } : found;
  return {
    weights: await readWeights(weights as string),
    best: best ?? { epoch: 0, loss: Number.NaN },
    epochs: epoch,
    ended: ended ?? 'going-on',
  };
}
