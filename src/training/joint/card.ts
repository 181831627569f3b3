import { HEMORRHAGE_CLASSES, RESEARCH_USE } from '../../base/index.ts';
import type { Cohort } from '../../cohort/index.ts';
import { MODEL_SCHEMA, type ModelCard, type TaskName } from '../../network/index.ts';
import { epochWords } from './epoch-words.ts';
import { differencesFromPaper, networkOf, type TrainingSettings } from './settings.ts';
import type { TrainedNetwork } from './train-network.ts';

const ENDED = {
  patience: 'its patience ended',
  'most-epochs': 'the epoch cap cut it before its patience ended',
  'going-on': 'exported while it went on',
} as const;

/** What a card says of one network's training. */
export type TrainedPart = Pick<TrainedNetwork, 'best' | 'epochs'> & { readonly ended: keyof typeof ENDED };

/** The card of a model that a user trained: what it was made with, and that nothing was measured on unseen patients. */
export function trainedCard(
  settings: TrainingSettings,
  cohort: Cohort,
  networks: Readonly<Record<TaskName, TrainedPart>>,
): ModelCard {
  return {
    schema: MODEL_SCHEMA,
    name: `ichor-${settings.preset}-${settings.supervision}`,
    description: `Joint CNN-RNN after Ye et al. 2019, ${settings.supervision}, trained on ${cohort.name}.`,
    intendedUse: RESEARCH_USE,
    classes: HEMORRHAGE_CLASSES.map(({ name }) => name),
    operatingPoint: 0.5,
    network: networkOf(settings),
    differencesFromPaper: [
      `starting weights: ${settings.startingWeights} (paper: from ImageNet)`,
      ...differencesFromPaper(settings),
    ],
    training: {
      settings,
      networks: Object.fromEntries(
        Object.entries(networks).map(([task, { best, epochs, ended }]) => [
          task,
          { best, epochs, ended: ENDED[ended] },
        ]),
      ),
    },
    data: [cohort.name],
    performance: Object.entries(networks).map(([task, { best }]) => ({
      figure: `${task}, validation loss`,
      value: `${best.loss.toFixed(4)} in epoch ${epochWords(best.epoch)}`,
      measured: 'on the validation patients, who also chose the epoch: no figure for unseen patients',
    })),
    limits: ['Nothing was measured on patients that had no part in the training: run ichor evaluate.'],
    licence: 'whoever trained it decides; the data it was trained on may bind it',
    attribution: [cohort.attribution],
  };
}
