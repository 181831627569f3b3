import path from 'node:path';
import { Command, Option } from 'commander';
import { UsageError } from '../../base/index.ts';
import { trainingCohorts } from '../../cohort/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import {
  epochWords,
  hasFrozenStage,
  type LeftOutStudy,
  type StartingWeights,
  startFromImageNet,
  startFromRun,
  TRAINING_PRESETS,
  type TrainingSettings,
  type TrainResult,
  train,
} from '../../training/index.ts';
import { tellChecks } from '../cohort/checks-text.ts';
import { deviceOption } from '../options/device.ts';
import { dividedCohort, type SplitFlags } from '../options/divided-cohort.ts';
import {
  addFrozenOptions,
  type FrozenFlags,
  frozenFlagsOf,
  frozenOf,
  refuseIdleFrozenFlags,
} from '../options/frozen-options.ts';
import { numberAboveZero, seedNumber, wholeNumber } from '../options/numbers.ts';
import { epochLine } from '../terminal/epoch-line.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printText, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { classWeights, given, lossWeights, parts } from './train-options.ts';

interface TrainFlags extends SplitFlags, FrozenFlags {
  readonly cohort: readonly string[];
  readonly out: string;
  readonly preset: string;
  readonly resume?: boolean;
  readonly prepared?: string;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number;
  readonly checkpointSeconds?: number;
  readonly network?: TrainingSettings['network'];
  readonly task?: 'two-type' | 'five-type';
  readonly supervision?: TrainingSettings['supervision'];
  readonly weights?: string;
  readonly convolutionsFrom?: string;
  readonly preprocessing?: TrainingSettings['preprocessing'];
  readonly initialisation?: TrainingSettings['initialisation'];
  readonly rate?: number;
  readonly recurrentRateFactor?: number;
  readonly epochs?: number;
  readonly patience?: number;
  readonly seed?: number;
  readonly scansAStep?: number;
  readonly validationParts?: number;
  readonly lossWeights?: TrainingSettings['lossWeights'];
  readonly positiveWeight?: number;
  readonly chunk?: number;
  readonly schedule?: TrainingSettings['schedule'];
  readonly warmUpEpochs?: number;
  readonly classWeights?: TrainingSettings['classWeights'];
}

/** `ichor train`: the paper's networks on a labelled cohort. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description(
      'Trains the joint CNN-RNN on a labelled cohort: the two-type network on all scans, the five-type one on those with hemorrhage.',
    )
    .requiredOption(
      '--cohort <DIR...>',
      'labelled scans, one place or several: a data set as distributed, a folder with a manifest.csv, a store',
    )
    .option('--out <DIR>', 'settings, log, curves, checkpoints and the model', 'ichor-training')
    .addOption(
      new Option('--preset <NAME>', 'numbers to start from')
        .choices(Object.keys(TRAINING_PRESETS))
        .default('compact'),
    )
    .option(
      '--split <FILE...>',
      'of ichor cohort split: its training and validation parts train, its test part is not read',
    )
    .option('--fold <N>', 'of a file of folds: the fold that is not read, counted from 1', wholeNumber)
    .option('--resume', 'go on with the run in --out from its last checkpoint')
    .addOption(new Option('--network <NAME>', 'the joint network, or one to compare with').choices(NETWORKS))
    .addOption(new Option('--task <NAME>', 'one network only').choices(['two-type', 'five-type']))
    .addOption(
      new Option('--supervision <KIND>', 'labels used').choices(['sli-lab', 'sub-lab', 'sub-lab+pw']),
    )
    .option(
      '--weights <FILE>',
      "start from ImageNet's convolutions: .pth of torchvision, .safetensors, .onnx",
    )
    .option(
      '--convolutions-from <RUN>',
      'start from the convolutions of another training, for sub-lab+pw those of a 2d-vgg16',
    )
    .addOption(
      new Option(
        '--preprocessing <KIND>',
        "what the CNN sees: the paper's whole slice and windows, or the head in windows of soft tissue",
      ).choices(['paper', 'head']),
    )
    .addOption(
      new Option(
        '--initialisation <KIND>',
        'weights that are not given: drawn, or drawn and scaled to the first scans',
      ).choices(['drawn', 'scaled']),
    )
    .option('--rate <R>', "Adam's learning rate", numberAboveZero)
    .option(
      '--recurrent-rate-factor <F>',
      'what the rate is multiplied by for the recurrent part',
      numberAboveZero,
    )
    .option('--epochs <N>', 'at most so many', wholeNumber)
    .option('--patience <N>', 'ends after so many epochs without a lower validation loss', wholeNumber)
    .option('--seed <S>', 'the same seed gives the same weights on the same device', seedNumber)
    .option('--scans-a-step <N>', 'average the gradients of so many scans', wholeNumber)
    .option(
      '--validation-parts <N>',
      'one part in so many of the patients says when to stop, and does not train',
      parts,
    )
    .option('--loss-weights <LIST>', 'weights of the two levels, as slice=1,subject=1', lossWeights)
    .option('--positive-weight <W>', 'weight of positive targets in the loss', numberAboveZero)
    .option('--class-weights <LIST>', 'weights of single classes, as subarachnoid=3,epidural=5', classWeights)
    .addOption(
      new Option('--schedule <NAME>', 'of the rate over the epochs').choices(['constant', 'cosine', 'step']),
    )
    .option('--warm-up-epochs <N>', 'over which the rate rises', wholeNumber)
    .option('--chunk <N>', 'slices that the CNN sees at once; fewer need less memory', wholeNumber)
    .option('--checkpoint-seconds <N>', 'between two checkpoints within an epoch', wholeNumber)
    .option('--prepared <DIR>', 'prepared scans, shared between runs (default: in --out)')
    .addOption(deviceOption())
    .option('--threads <N>', 'threads of the CPU', wholeNumber);
  return addFrozenOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: TrainFlags) => runTraining(flags));
}

const NETWORKS = ['cnn-rnn', '2d-vgg16', '2d-googlenet', '3d-vgg16'] as const;

const EXAMPLES = `
Examples:
  ichor train --cohort ct-ich --out runs/compact --epochs 20
  ichor train --cohort ct-ich --out runs/compact --epochs 20 --resume
  ichor train --cohort ct-ich --split split.json --out runs/compact --epochs 20
  ichor train --cohort ct-ich --preset paper --weights vgg16-397923af.pth --out runs/sli-lab
  ichor train --cohort ct-ich --network 2d-vgg16 --out runs/2d-vgg16
  ichor train --cohort ct-ich --supervision sub-lab+pw --convolutions-from runs/2d-vgg16 --out runs/sub-lab-pw
  ichor train --cohort ct-ich --task five-type --convolutions-from runs/two-type --out runs/five-type

A validation patient never trains; who is to be tested on must not be in the cohort.
Exit codes: 0 trained, 1 fault, 2 wrong usage, 3 data refused, 130 stopped by Ctrl-C, 143 by SIGTERM (a checkpoint is on disk).
Research use only. Not a medical device.`;

/** The preset's numbers with those that the flags change. */
function settingsOf(flags: TrainFlags): TrainingSettings {
  const preset = TRAINING_PRESETS[flags.preset];
  if (preset === undefined) throw new UsageError('preset-unknown', `there is no preset ${flags.preset}`);
  const task = { 'two-type': 'twoType', 'five-type': 'fiveType' } as const;
  const changed = {
    tasks: flags.task && [task[flags.task]],
    network: flags.network,
    supervision: flags.supervision,
    preprocessing: flags.preprocessing,
    initialisation: flags.initialisation,
    rate: flags.rate,
    recurrentRateFactor: flags.recurrentRateFactor,
    mostEpochs: flags.epochs,
    patienceEpochs: flags.patience,
    seed: flags.seed,
    scansAStep: flags.scansAStep,
    validationParts: flags.validationParts,
    lossWeights: flags.lossWeights,
    positiveWeight: flags.positiveWeight,
    chunk: flags.chunk,
    schedule: flags.schedule,
    warmUpEpochs: flags.warmUpEpochs,
    classWeights: flags.classWeights,
  };
  return { ...preset, ...given(changed), frozen: frozenOf(flags, preset) };
}

/**
 * A rival's labels are its own, and it has no recurrent part; a frozen stage is had by the joint network from given
 * convolutions. Throws UsageError `flag-for-joint-network`, `flag-for-frozen-stage`, `flag-in-frozen-stage`.
 */
function refuseIdleFlags(flags: TrainFlags, settings: TrainingSettings): void {
  const { supervision, recurrentRateFactor } = flags;
  if (settings.network === 'cnn-rnn') {
    refuseIdleFrozenFlags(flags, settings);
    if (recurrentRateFactor !== undefined && hasFrozenStage(settings))
      throw new UsageError(
        'flag-in-frozen-stage',
        '--recurrent-rate-factor would change nothing after frozen epochs, which teach the recurrent part: leave it out, or give --frozen-epochs 0',
      );
    return;
  }
  const idle = [
    ...(supervision === undefined ? [] : ['--supervision']),
    ...(recurrentRateFactor === undefined ? [] : ['--recurrent-rate-factor']),
    ...frozenFlagsOf(flags),
  ];
  if (idle.length === 0) return;
  const text = `${idle.join(' and ')} would change nothing in ${settings.network}, which has no recurrent part and learns from one level's labels: leave out, or train the cnn-rnn`;
  throw new UsageError('flag-for-joint-network', text);
}

/** Where the convolutions start. Throws UsageError `start-given-twice`, `start-needed`. */
async function startOf(flags: TrainFlags, settings: TrainingSettings): Promise<StartingWeights | undefined> {
  const { weights, convolutionsFrom } = flags;
  if (weights !== undefined && convolutionsFrom !== undefined)
    throw new UsageError('start-given-twice', 'give --weights or --convolutions-from, not both');
  if (convolutionsFrom === undefined && settings.supervision === 'sub-lab+pw')
    throw new UsageError(
      'start-needed',
      '--supervision sub-lab+pw needs --convolutions-from RUN, the folder of a trained 2d-vgg16',
    );
  if (convolutionsFrom !== undefined) return startFromRun(convolutionsFrom, settings);
  return weights === undefined ? undefined : startFromImageNet(weights, settings);
}

async function runTraining(flags: TrainFlags): Promise<void> {
  const wished = settingsOf(flags);
  const start = await startOf(flags, wished);
  const settings = start ? { ...wished, startingWeights: start.about } : wished;
  refuseIdleFlags(flags, settings);
  const whole = await trainingCohorts(flags.cohort);
  tellChecks(whole.checks);
  const divided = await dividedCohort(whole, flags);
  const cohort = divided?.training ?? whole;
  const { validationPatients } = divided ?? {};
  if (validationPatients !== undefined && flags.validationParts !== undefined)
    throw new UsageError(
      'split-given-twice',
      'the split has a validation part: leave out --validation-parts',
    );
  const runtime = await createRuntime({
    device: flags.device,
    ...(flags.threads !== undefined && { threads: flags.threads }),
  });
  const progress = createProgressDisplay();
  warnLines([runtime.deviceNote]);
  try {
    const result = await train({
      runtime,
      settings,
      ...(start !== undefined && { start }),
      cohort,
      ...(validationPatients && { validationPatients }),
      ...(divided && { test: divided.test.studies }),
      folder: flags.out,
      preparedFolder: flags.prepared ?? path.join(flags.out, 'prepared'),
      resume: flags.resume ?? false,
      ...(flags.checkpointSeconds !== undefined && { checkpointSeconds: flags.checkpointSeconds }),
      signal: interruptSignal(),
      onProgress: progress.listen,
      onEpoch: (epoch) => {
        progress.stop();
        warnLines([epochLine(epoch, settings.mostEpochs)]);
      },
      onLeftOut: (leftOut) => {
        progress.stop();
        tellLeftOut(leftOut);
      },
    });
    progress.stop();
    printText(resultText(result, flags.out));
  } finally {
    progress.stop();
    await runtime.close();
  }
}

/** How many are named on the terminal. */
const MOST_NAMED = 3;

function tellLeftOut(leftOut: readonly LeftOutStudy[]): void {
  if (leftOut.length === 0) return;
  const named = leftOut.slice(0, MOST_NAMED).map(({ study, why }) => `${study}: ${why}`);
  const all = leftOut.length > MOST_NAMED ? '; settings.json names all' : '';
  warnLines([`left out: ${leftOut.length} studies (${named.join('; ')}${all})`]);
}

function resultText({ networks, model }: TrainResult, folder: string): string {
  const lines = Object.entries(networks).map(
    ([task, { best, epochs, ended }]) =>
      `${task}: best validation loss ${best.loss.toFixed(4)} in epoch ${epochWords(best.epoch)} of ${epochs} (${ended === 'patience' ? 'patience ended' : 'cut at the epoch cap before its patience ended'})`,
  );
  const modelLine =
    model === undefined ? 'no model file: it takes both tasks of the cnn-rnn' : `model file: ${model}`;
  return `${[...lines, modelLine, `log and curves: ${folder}`, 'Research use only. Not a medical device.'].join('\n')}\n`;
}
