import { UsageError } from '../../base/index.ts';
import {
  hasFrozenStage,
  type StartingWeights,
  startFromImageNet,
  startFromRun,
  TRAINING_PRESETS,
  type TrainingSettings,
} from '../../training/index.ts';
import type { SplitFlags } from '../options/divided-cohort.ts';
import {
  type FrozenFlags,
  frozenFlagsOf,
  frozenOf,
  refuseIdleFrozenFlags,
} from '../options/frozen-options.ts';
import { given } from './train-options.ts';

export interface TrainFlags extends SplitFlags, FrozenFlags {
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

/** The preset's numbers with those that the flags change. */
export function settingsOf(flags: TrainFlags): TrainingSettings {
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
export function refuseIdleFlags(flags: TrainFlags, settings: TrainingSettings): void {
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
export async function startOf(
  flags: TrainFlags,
  settings: TrainingSettings,
): Promise<StartingWeights | undefined> {
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
