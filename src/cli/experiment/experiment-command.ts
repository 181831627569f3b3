import { Command, InvalidArgumentError, Option } from 'commander';
import { RESEARCH_USE, type Runtime, UsageError } from '../../base/index.ts';
import { PAPER_SHARES, type PatientSplit, trainingCohort } from '../../cohort/index.ts';
import {
  claimExperiment,
  type ExperimentSetting,
  type JobResult,
  runExperiment,
  workOnExperiment,
} from '../../experiment/index.ts';
import { refuseUnwritable, writeFileWhole } from '../../files/index.ts';
import { TASK_NAMES, type TaskName } from '../../network/index.ts';
import { isPostgresUrl } from '../../queue/index.ts';
import { createRuntime } from '../../runtime/index.ts';
import {
  type EndedEpoch,
  oneKindNotes,
  refuseOneClass,
  TRAINING_PRESETS,
  type TrainingSettings,
} from '../../training/index.ts';
import { deviceOption } from '../options/device.ts';
import {
  addFrozenOptions,
  type FrozenFlags,
  frozenOf,
  refuseIdleFrozenFlags,
} from '../options/frozen-options.ts';
import { numberAboveZero, seedNumber, wholeNumber } from '../options/numbers.ts';
import { epochLine } from '../terminal/epoch-line.ts';
import { interruptSignal } from '../terminal/exit.ts';
import { printLines, warnLines } from '../terminal/print.ts';
import { createProgressDisplay } from '../terminal/progress-bar.ts';
import { given } from '../train/train-options.ts';
import { experimentShares, type PartFlags, partsOf } from './experiment-parts.ts';
import { forkWorkers, isForkedWorker, openExperimentQueue, type QueueFlags } from './experiment-queue.ts';

interface ExperimentFlags extends QueueFlags, PartFlags, FrozenFlags {
  readonly cohort: string;
  readonly preset: string;
  readonly rate?: number;
  readonly epochs?: number;
  readonly patience?: number;
  readonly chunk?: number;
  readonly task?: keyof typeof TASK_OF;
  readonly vgg16?: string;
  readonly googlenet?: string;
  readonly fiveTypeFromTwoType?: boolean;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'webgpu';
  readonly threads?: number;
}

const TASK_OF = { 'two-type': 'twoType', 'five-type': 'fiveType' } as const;

/** `ichor experiment paper`: the paper's supplementary Tables 3 and 4 on another cohort. */
export function experimentCommand(): Command {
  return new Command('experiment').description('Whole studies in one command.').addCommand(
    addFrozenOptions(new Command('paper'))
      .description(
        "Trains the joint CNN-RNN under four settings and its three rivals, judges unseen patients, and writes the paper's two tables beside the paper's own figures.",
      )
      .requiredOption(
        '--cohort <DIR>',
        'labelled scans: a data set, a manifest, or (but for --preset quick) a store',
      )
      .option(
        '--test <DIR>',
        'judge this cohort; without it a part of the patients of --cohort is kept unseen',
      )
      .option(
        '--shares <A,B,C>',
        'parts that train, say when to stop, and are kept unseen (default: 80,10,10)',
        experimentShares,
      )
      .option(
        '--split <FILE...>',
        'of ichor cohort split, in place of --shares: its test part is kept unseen',
      )
      .option('--fold <N>', 'of a file of folds: the fold that is kept unseen, counted from 1', wholeNumber)
      .option('--out <DIR>', 'jobs, tables, figures and experiment.html', 'ichor-experiment')
      .addOption(
        new Option('--preset <NAME>', 'numbers to start from')
          .choices(Object.keys(TRAINING_PRESETS))
          .default('compact'),
      )
      .option('--rate <R>', "Adam's learning rate", numberAboveZero)
      .option('--epochs <N>', 'at most so many a training', wholeNumber)
      .option('--patience <N>', 'ends after so many epochs without a lower validation loss', wholeNumber)
      .option('--chunk <N>', 'slices that the CNN sees at once; fewer need less memory', wholeNumber)
      .option('--seed <S>', 'of split and trainings', seedNumber, 1)
      .addOption(new Option('--task <NAME>', 'one task only').choices(Object.keys(TASK_OF)))
      .option('--vgg16 <FILE>', 'ImageNet weights of VGG16 to start from')
      .option('--googlenet <FILE>', 'ImageNet weights of GoogLeNet to start from')
      .option(
        '--five-type-from-two-type',
        'without ImageNet weights: five-type networks start from the convolutions of their two-type networks',
      )
      .addOption(deviceOption())
      .option('--threads <N>', 'threads of the CPU, of each worker', wholeNumber)
      .option('--workers <N>', 'processes of this machine that share the jobs', wholeNumber)
      .option('--queue <URL>', 'PostgreSQL through which many machines share the jobs', postgresUrl)
      .addHelpText('after', EXAMPLES)
      .action((flags: ExperimentFlags) => runPaper(flags))
      .exitOverride(),
  );
}

const EXAMPLES = `
A job that is finished is found, one that was stopped goes on: give the same command again.

Examples:
  ichor experiment paper --cohort ct-ich --shares 50,10,40 --epochs 10 --out experiment
  ichor experiment paper --cohort ct-ich --split split.json --epochs 10 --out experiment
  ichor experiment paper --cohort phantoms --test phantom-test --epochs 10 --out experiment
  ichor experiment paper --cohort /shared/cohort --out /shared/experiment --queue postgres://ichor@db/ichor

Exit codes: 0 done, 1 fault, 2 wrong usage, 3 data refused, 130 stopped (Ctrl-C), 143 stopped (SIGTERM).
${RESEARCH_USE}`;

function postgresUrl(text: string): string {
  if (isPostgresUrl(text)) return text;
  throw new InvalidArgumentError('expected postgres://user@host/database; without a server, take --workers');
}

function refuseContradictions(flags: ExperimentFlags): void {
  if (flags.split !== undefined && (flags.test ?? flags.shares) !== undefined)
    throw new UsageError('split-given-twice', '--split says who is judged: leave out --test and --shares');
  if (flags.queue !== undefined && flags.workers !== undefined)
    throw new UsageError('queue-given-twice', 'give --queue or --workers, not both');
  if (flags.fiveTypeFromTwoType && (flags.vgg16 ?? flags.googlenet ?? flags.task) !== undefined)
    throw new UsageError(
      'start-given-twice',
      '--five-type-from-two-type stands in for --vgg16 and --googlenet, and needs both tasks: leave one away',
    );
}

async function runPaper(flags: ExperimentFlags): Promise<void> {
  refuseContradictions(flags);
  await refuseUnwritable(flags.out);
  if (flags.workers !== undefined && !isForkedWorker()) {
    process.exitCode = await forkWorkers(flags);
    return;
  }
  const { setting, split } = await settingOf(flags);
  const runtime = await createRuntime({
    device: flags.device,
    ...(flags.threads !== undefined && { threads: flags.threads }),
  });
  warnLines([runtime.deviceNote]);
  try {
    const experiment = await claimExperiment(setting);
    if (split !== undefined)
      await writeFileWhole(`${flags.out}/split.json`, `${JSON.stringify(split, undefined, 2)}\n`);
    const results = await runJobs(flags, setting, experiment, runtime);
    printLines([
      `${results.size} trainings finished; tables, curves and page: ${flags.out}/experiment.html`,
      RESEARCH_USE,
    ]);
  } finally {
    await runtime.close();
  }
}

/** One after another, or those that a queue gives. */
async function runJobs(
  flags: ExperimentFlags,
  setting: ExperimentSetting,
  experiment: string,
  runtime: Runtime,
): Promise<ReadonlyMap<string, JobResult>> {
  const tasks: readonly TaskName[] = flags.task ? [TASK_OF[flags.task]] : TASK_NAMES;
  const shared = await openExperimentQueue(flags, experiment);
  const progress = createProgressDisplay();
  const stop = interruptSignal();
  const signal = shared ? AbortSignal.any([stop, shared.gone]) : stop;
  const onEpoch = (job: string, epoch: EndedEpoch): void => {
    progress.stop();
    warnLines([`${job}: ${epochLine(epoch, setting.settings.mostEpochs)}`]);
  };
  const context = { runtime, signal, onProgress: progress.listen, onEpoch };
  try {
    return shared
      ? await workOnExperiment(setting, tasks, context, shared.queue)
      : await runExperiment(setting, tasks, context);
  } finally {
    progress.stop();
    await shared?.close();
  }
}

async function settingOf(
  flags: ExperimentFlags,
): Promise<{ setting: ExperimentSetting; split?: PatientSplit }> {
  const cohort = await trainingCohort(flags.cohort);
  const { vgg16, googlenet } = flags;
  const { split, ...parts } = await partsOf(flags, cohort);
  const imageNet = { ...(vgg16 && { vgg16 }), ...(googlenet && { googlenet }) };
  const fiveTypeFromTwoType = flags.fiveTypeFromTwoType ?? false;
  const settings = settingsOf(flags);
  const setting = { folder: flags.out, settings, ...parts, imageNet, fiveTypeFromTwoType };
  // before the first of many jobs; each looks at its own labels again
  const bySubject: TrainingSettings = { ...settings, supervision: 'sub-lab', tasks: ['twoType'] };
  refuseOneClass('the part that trains', parts.training.studies, bySubject);
  refuseOneClass('the part that is judged', parts.test.studies, bySubject);
  const both: TrainingSettings = { ...settings, supervision: 'sub-lab' };
  warnLines(oneKindNotes('the part that trains', parts.training.studies, both));
  warnLines(oneKindNotes('the part that is judged', parts.test.studies, both));
  return { setting, ...(split && { split }) };
}

function settingsOf(flags: ExperimentFlags): TrainingSettings {
  const preset = TRAINING_PRESETS[flags.preset] as TrainingSettings;
  const { rate, epochs, patience, chunk, seed, shares: parts = PAPER_SHARES } = flags;
  const changed = { rate, mostEpochs: epochs, patienceEpochs: patience, chunk, seed };
  const validationParts = Math.round((parts.training + parts.validation) / parts.validation);
  const frozen = frozenOf(flags, preset);
  // Some of the rows start from trained convolutions, whatever the others do
  refuseIdleFrozenFlags(flags, { frozen, startingWeights: 'another row' });
  return { ...preset, ...given(changed), frozen, validationParts };
}
