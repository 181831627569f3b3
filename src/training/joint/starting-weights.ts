import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/index.ts';
import { readWhole } from '../../files/index.ts';
import type { TaskName, Weights } from '../../network/index.ts';
import { IMAGENET_PLANS, imageNetStart, readTensors } from '../../pretrained/index.ts';
import { weightsIn } from '../weights-file.ts';
import { bestWeightsFile } from './best-weights.ts';
import { readPosition } from './checkpoint.ts';
import { type RunStudies, readRunSettings, readRunStudies } from './run-folder.ts';
import type { TrainingSettings } from './settings.ts';
import { specsOf } from './trained-network.ts';

/** Convolutions that a training starts from; whatever they leave out is drawn from the seed. */
export interface StartingWeights {
  /** For settings, card and tables: what it is, the file and its SHA-256. */
  readonly about: string;
  /** Keys of the studies of the run that gives them, where its file names them. */
  readonly seen?: RunStudies;
  of(task: TaskName): Promise<Weights>;
}

const IMAGENET_OF = { 'cnn-rnn': 'vgg16', '2d-vgg16': 'vgg16', '2d-googlenet': 'googlenet' } as const;

/**
 * ImageNet's, from a file of torchvision's, safetensors or ONNX. Throws UsageError `weights-for-2d-only`,
 * `weights-for-full-width-only`; RefusedInput `weights-file-unreadable`, `weights-mismatch`.
 */
export async function startFromImageNet(file: string, settings: TrainingSettings): Promise<StartingWeights> {
  if (settings.network === '3d-vgg16')
    throw new UsageError(
      'weights-for-2d-only',
      'ImageNet weights are those of 2-D networks: 3d-vgg16 starts from scratch',
    );
  if (settings.cnn !== 'vgg16')
    throw new UsageError(
      'weights-for-full-width-only',
      `ImageNet weights are those of the full width, and ${settings.cnn} is narrower: take --preset paper`,
    );
  const bytes = await readWhole(file);
  const name = path.basename(file);
  const plan = IMAGENET_PLANS[IMAGENET_OF[settings.network]];
  const tensors = readTensors(bytes, name);
  return {
    about: `ImageNet ${plan.name}, ${name}, SHA-256 ${sha256(bytes)}`,
    of: async (task) => imageNetStart(plan, tensors, specsOf(settings, task), task, name),
  };
}

/** Networks with the same word have the same convolutions. */
const CONVOLUTIONS_OF = {
  'cnn-rnn': 'VGG16',
  '2d-vgg16': 'VGG16',
  '2d-googlenet': 'GoogLeNet',
  '3d-vgg16': '3D VGG16',
} as const;

/**
 * The convolutions of a trained network: for the paper's Sub-Lab+pw (supplement 4) those of a 2-D VGG16. A task takes
 * them from the run's network of the same task, five-type from two-type where the run has no other. Throws UsageError
 * `run-missing`, `start-run-missing`, `start-run-unlike`, `start-run-going-on`; RefusedInput `run-unreadable`.
 */
export async function startFromRun(folder: string, settings: TrainingSettings): Promise<StartingWeights> {
  const theirs = await readRunSettings(folder);
  refuseUnlike(folder, theirs, settings);
  const seen = await readRunStudies(folder);
  const starts = await Promise.all(settings.tasks.map((task) => startOfTask(folder, task, settings)));
  return {
    about: `convolutions of a trained ${theirs.network}, ${starts.map(({ about }) => about).join(', ')}`,
    ...(seen && { seen }),
    of: async (task) => starts.find((start) => start.task === task)?.weights ?? {},
  };
}

/** Read once: what is told of the file is told of these weights. */
async function startOfTask(folder: string, task: TaskName, settings: TrainingSettings) {
  const { file, trainedOn } = bestFile(folder, task);
  await refuseGoingOn(folder, trainedOn);
  const bytes = await readWhole(file);
  const { weights } = weightsIn(bytes);
  const convolutions = specsOf(settings, task).filter(({ part }) => part === 'cnn');
  const given = convolutions.map(({ name }) => [name, weights[name.replace(task, trainedOn)]]);
  const about = `${trainedOn} SHA-256 ${sha256(bytes)}`;
  return { task, about, weights: Object.fromEntries(given) as Weights };
}

/** A network that still trains has no weights yet that another run would find again. */
async function refuseGoingOn(folder: string, task: TaskName): Promise<void> {
  const checkpoint = path.join(folder, `${task}.checkpoint`);
  if (!existsSync(checkpoint) || (await readPosition(checkpoint)).ended !== undefined) return;
  throw new UsageError(
    'start-run-going-on',
    `the ${task} network of ${folder} has not ended its training: let it end, or go on with it (--resume)`,
  );
}

function refuseUnlike(folder: string, theirs: TrainingSettings, settings: TrainingSettings): void {
  const fits =
    theirs.cnn === settings.cnn &&
    (settings.supervision === 'sub-lab+pw'
      ? theirs.network === '2d-vgg16'
      : CONVOLUTIONS_OF[theirs.network] === CONVOLUTIONS_OF[settings.network]);
  if (fits) return;
  const needed =
    settings.supervision === 'sub-lab+pw' ? 'a 2d-vgg16' : `a ${CONVOLUTIONS_OF[settings.network]}`;
  throw new UsageError(
    'start-run-unlike',
    `${folder} trained ${theirs.network} with ${theirs.cnn}; the convolutions of ${needed} with ${settings.cnn} are needed`,
  );
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function bestFile(folder: string, task: TaskName): { file: string; trainedOn: TaskName } {
  for (const trainedOn of [task, 'twoType'] as const) {
    const file = bestWeightsFile(folder, trainedOn);
    if (existsSync(file)) return { file, trainedOn };
  }
  throw new UsageError(
    'start-run-missing',
    `${folder} holds no trained ${task} network (${task}.best.weights)`,
  );
}
