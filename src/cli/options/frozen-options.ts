import type { Command } from 'commander';
import { UsageError } from '../../base/index.ts';
import { FROM_SCRATCH, type TrainingSettings } from '../../training/index.ts';
import { given } from '../train/train-options.ts';
import { numberAboveZero, wholeNumber, wholeNumberOrNone } from './numbers.ts';

/** Of the stage with frozen convolutions. */
export interface FrozenFlags {
  readonly frozenEpochs?: number;
  readonly frozenCopies?: number;
  readonly frozenRate?: number;
  readonly fineTuningRateFactor?: number;
}

export const addFrozenOptions = (command: Command): Command =>
  command
    .option(
      '--frozen-epochs <N>',
      'before the epochs of the cnn-rnn from given convolutions: so many in which these stay, and what reads them learns; 0 for none',
      wholeNumberOrNone,
    )
    .option(
      '--frozen-copies <N>',
      'of each scan in the frozen epochs: as it is, and moved by the augmentation',
      wholeNumber,
    )
    .option('--frozen-rate <R>', "Adam's learning rate in the frozen epochs", numberAboveZero)
    .option(
      '--fine-tuning-rate-factor <F>',
      'what --rate is multiplied by after the frozen epochs',
      numberAboveZero,
    );

const settingsIn = (flags: FrozenFlags) => ({
  epochs: flags.frozenEpochs,
  copies: flags.frozenCopies,
  rate: flags.frozenRate,
  fineTuningRateFactor: flags.fineTuningRateFactor,
});

/** The preset's stage with what the flags change. */
export const frozenOf = (flags: FrozenFlags, { frozen }: TrainingSettings): TrainingSettings['frozen'] => ({
  ...frozen,
  ...given(settingsIn(flags)),
});

const NAMES = {
  epochs: '--frozen-epochs',
  copies: '--frozen-copies',
  rate: '--frozen-rate',
  fineTuningRateFactor: '--fine-tuning-rate-factor',
} as const;

/** Those that were given and ask for something: 0 epochs are none anywhere. */
export const frozenFlagsOf = (flags: FrozenFlags): string[] =>
  Object.entries(given(settingsIn(flags))).flatMap(([name, value]) =>
    value === 0 ? [] : [NAMES[name as keyof typeof NAMES]],
  );

/** Throws UsageError `flag-for-frozen-stage` where a flag is of a stage that the training does not have. */
export function refuseIdleFrozenFlags(
  flags: FrozenFlags,
  { startingWeights, frozen }: Pick<TrainingSettings, 'startingWeights' | 'frozen'>,
): void {
  const idle = frozenFlagsOf(flags);
  if (idle.length === 0) return;
  const lacking =
    startingWeights === FROM_SCRATCH
      ? 'convolutions to freeze: give --weights or --convolutions-from'
      : frozen.epochs === 0
        ? '--frozen-epochs above 0'
        : undefined;
  if (lacking === undefined) return;
  const text = `${idle.join(' and ')} would change nothing without ${lacking}; or leave out`;
  throw new UsageError('flag-for-frozen-stage', text);
}
