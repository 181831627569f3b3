import { existsSync } from 'node:fs';
import path from 'node:path';
import { RefusedInput } from '../../base/index.ts';
import { type Cohort, studyKey } from '../../cohort/index.ts';
import { exportModel, TASK_NAMES, type TaskName, type Weights } from '../../network/index.ts';
import { bestWeightsFile, readBestWeights } from './best-weights.ts';
import { type TrainedPart, trainedCard } from './card.ts';
import { readPosition } from './checkpoint.ts';
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
  const [file, checkpoint] = [bestWeightsFile(folder, task), path.join(folder, `${task}.checkpoint`)];
  if (!existsSync(file) || !existsSync(checkpoint)) throw unfinished(folder, task);
  const { weights, best: own } = await readBestWeights(file);
  const position = await readPosition(checkpoint);
  // Weights that do not say it themselves are those of the checkpoint, but for the stage before the epochs
  const best = own ?? (position.frozenEpochs === undefined ? position.best : undefined);
  if (best === undefined) throw unfinished(folder, task);
  const epochs = Math.max(position.epoch, best.epoch + 1);
  return { weights, best, epochs, ended: position.ended ?? 'going-on' };
}

const unfinished = (folder: string, task: TaskName): RefusedInput =>
  new RefusedInput('run-not-exportable', `${folder} has finished no epoch of the ${task} network yet`);
