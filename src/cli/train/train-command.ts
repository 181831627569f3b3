import { Command, Option } from 'commander';
import { RESEARCH_USE } from '../../base/index.ts';
import { TRAINING_PRESETS } from '../../training/index.ts';
import { deviceOption } from '../options/device.ts';
import { addFrozenOptions } from '../options/frozen-options.ts';
import { numberAboveZero, seedNumber, wholeNumber } from '../options/numbers.ts';
import { runTraining } from './run-training.ts';
import type { TrainFlags } from './train-flags.ts';
import { classWeights, lossWeights, parts } from './train-options.ts';

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

A validation patient never trains; who is to be tested on is kept apart by --split, or must not be in the cohort.
Exit codes: 0 trained, 1 fault, 2 wrong usage, 3 data refused, 130 stopped by Ctrl-C, 143 by SIGTERM (a checkpoint is on disk).
${RESEARCH_USE}`;
