import { z } from 'zod';
import { HEMORRHAGE_CLASSES, HEMORRHAGE_SUBTYPE_NAMES } from '../../base/index.ts';
import {
  type CnnName,
  type NetworkSettings,
  PAPER_SETTINGS,
  type PreprocessingName,
  type RivalSize,
  TASK_NAMES,
  type TaskName,
} from '../../network/index.ts';
import { halfCosine } from '../common/schedule.ts';

const share = z.number().min(0).max(1);

/**
 * A stage before the epochs, of the joint network from given convolutions: these stay as they are, and what reads them
 * learns.
 */
const frozenSchema = z.strictObject({
  epochs: z.number().int().min(0),
  /** Of each scan: as it is, and moved by the augmentation. */
  copies: z.number().int().positive(),
  rate: z.number().positive(),
  /** What the rate is multiplied by in the epochs after the stage, for all parameters alike. */
  fineTuningRateFactor: z.number().positive(),
});
const NO_FROZEN_STAGE: z.infer<typeof frozenSchema> = {
  epochs: 0,
  copies: 5,
  rate: 1e-3,
  fineTuningRateFactor: 1,
};

/** Ranges of the one transform that a whole scan gets (Ye et al., supplement 5). */
export const augmentationSchema = z.strictObject({
  rotationDegrees: z.tuple([z.number(), z.number()]),
  scale: z.tuple([z.number().positive(), z.number().positive()]),
  /** Share of the image's side, either way. */
  shift: share,
  /** Tangent of the shear's angle, either way. */
  shear: share,
  /** Chance of a horizontal flip, and of a vertical one. */
  flips: share,
});
export type AugmentationSettings = z.infer<typeof augmentationSchema>;

/** Every number of a training: kept in the run folder, in each checkpoint and in the model's card. */
export const trainingSettingsSchema = z.strictObject({
  preset: z.string(),
  /** The paper's joint network, or a rival of supplement 7. */
  network: z.enum(['cnn-rnn', '2d-vgg16', '2d-googlenet', '3d-vgg16']),
  /** Full width, a quarter of it, or that on images halved to 128 x 128; of rivals too. */
  cnn: z.enum(['vgg16', 'compact-vgg16', 'compact-vgg16-128'] satisfies CnnName[]),
  /** What becomes of a slice before the CNN sees it. Runs from before there was a choice saw it as the paper has it. */
  preprocessing: z.enum(['paper', 'head'] satisfies PreprocessingName[]).default('paper'),
  /** Labels used; sub-lab+pw starts from the convolutions of a trained 2-D VGG16 (supplement 4). */
  supervision: z.enum(['sub-lab', 'sub-lab+pw', 'sli-lab']),
  /**
   * How weights that are not given start: drawn (He et al. 2015), or drawn and then scaled to the first training scans
   * (Salimans and Kingma 2016). Runs from before there was a choice were drawn.
   */
  initialisation: z.enum(['drawn', 'scaled']).default('drawn'),
  /** What the convolutions start from, in words. */
  startingWeights: z.string(),
  /** Networks, in the order they are trained. */
  tasks: z.array(z.enum(TASK_NAMES)).min(1),
  seed: z.number().int().nonnegative(),
  /** Adam's; the schedule shapes it over the epochs. */
  rate: z.number().positive(),
  /** What the rate is multiplied by for the recurrent part of the joint network, its output layers included. */
  recurrentRateFactor: z.number().positive().default(1),
  /** Runs from before there was a choice had none. */
  frozen: frozenSchema.default(NO_FROZEN_STAGE),
  schedule: z.enum(['constant', 'cosine', 'step']),
  /** The rate rises to its full height over the first epochs. */
  warmUpEpochs: z.number().int().min(0),
  weightDecay: z.number().min(0),
  /** Gradients of so many scans are averaged into one step of Adam. */
  scansAStep: z.number().int().positive(),
  /** Ends when the validation loss has not fallen for so many epochs. */
  patienceEpochs: z.number().int().positive(),
  mostEpochs: z.number().int().positive(),
  lossWeights: z.strictObject({ slice: z.number().min(0), subject: z.number().min(0) }),
  /** Weight of positive targets; 1 as in the paper. */
  positiveWeight: z.number().positive(),
  /** Of single classes' positive targets, on top of that. */
  classWeights: z.partialRecord(z.enum(HEMORRHAGE_CLASSES.map(({ name }) => name)), z.number().positive()),
  augmentation: augmentationSchema,
  /** One part in so many of the patients is kept to say when to stop. */
  validationParts: z.number().int().min(2),
  /** Slices that the CNN sees at once: activations of more are computed anew going backward, for bounded memory. */
  chunk: z.number().int().positive(),
});
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

export const FROM_SCRATCH = 'from scratch';

/** The paper's numbers (supplement 4 and 5); where it is silent: validation 1 in 10 of the training patients' scans. */
const PAPER: TrainingSettings = {
  preset: 'paper',
  network: 'cnn-rnn',
  cnn: 'vgg16',
  preprocessing: 'paper',
  supervision: 'sli-lab',
  initialisation: 'drawn',
  startingWeights: FROM_SCRATCH,
  tasks: ['twoType', 'fiveType'],
  seed: 1,
  rate: 1e-5,
  recurrentRateFactor: 1,
  frozen: NO_FROZEN_STAGE,
  schedule: 'constant',
  warmUpEpochs: 0,
  weightDecay: 0,
  scansAStep: 1,
  patienceEpochs: 50,
  mostEpochs: 1000,
  lossWeights: { slice: 1, subject: 1 },
  positiveWeight: 1,
  classWeights: {},
  augmentation: { rotationDegrees: [0, 180], scale: [0.9, 1.1], shift: 0.1, shear: 0.1, flips: 0.5 },
  validationParts: 10,
  chunk: 8,
};

/** `compact`: the same plan at a quarter of the width and a rate to match, for quick trainings. */
const COMPACT: TrainingSettings = {
  ...PAPER,
  preset: 'compact',
  cnn: 'compact-vgg16',
  rate: 3e-4,
  frozen: { ...NO_FROZEN_STAGE, fineTuningRateFactor: 0.1 },
  schedule: 'cosine',
  patienceEpochs: 10,
  mostEpochs: 40,
  chunk: 32,
};

/**
 * `quick`: compact, on the head alone in three windows of soft tissue, halved to 128 x 128 and moved little, so that
 * some hundreds of steps from scratch teach something.
 */
const QUICK: TrainingSettings = {
  ...COMPACT,
  preset: 'quick',
  cnn: 'compact-vgg16-128',
  preprocessing: 'head',
  initialisation: 'scaled',
  rate: 2e-4,
  recurrentRateFactor: 10,
  frozen: { ...COMPACT.frozen, epochs: 100 },
  augmentation: { rotationDegrees: [-20, 20], scale: [0.9, 1.1], shift: 0.05, shear: 0.05, flips: 0.5 },
};

export const TRAINING_PRESETS: Readonly<Record<string, TrainingSettings>> = Object.freeze({
  paper: PAPER,
  compact: COMPACT,
  quick: QUICK,
});

/** Only the joint network's recurrent part needs it, and only given convolutions can stay. */
export const hasFrozenStage = ({ network, startingWeights, frozen }: TrainingSettings): boolean =>
  network === 'cnn-rnn' && startingWeights !== FROM_SCRATCH && frozen.epochs > 0;

/** As the epochs have them: after a frozen stage, which has taught what reads the convolutions, one low rate for all. */
export const ofEpochs = (settings: TrainingSettings): TrainingSettings =>
  hasFrozenStage(settings)
    ? { ...settings, rate: settings.rate * settings.frozen.fineTuningRateFactor, recurrentRateFactor: 1 }
    : settings;

/** The shape of the network that these settings train. */
export const networkOf = ({ cnn, preprocessing, supervision }: TrainingSettings): NetworkSettings => ({
  ...PAPER_SETTINGS,
  cnn,
  preprocessing,
  supervision: supervision === 'sli-lab' ? 'sli-lab' : 'sub-lab',
});

/** The rivals at the same size. */
export const rivalSizeOf = ({ cnn }: TrainingSettings): RivalSize => ({
  width: cnn === 'vgg16' ? 1 : 0.25,
  onHalves: cnn === 'compact-vgg16-128',
});

/** Weights of a task's positive targets, one an output; the two-type network's first output says `no ICH`. */
export function positiveWeightsOf(
  { positiveWeight, classWeights }: TrainingSettings,
  task: TaskName,
): number[] {
  const own =
    task === 'twoType'
      ? [1, classWeights.anyHemorrhage ?? 1]
      : HEMORRHAGE_SUBTYPE_NAMES.map((name) => classWeights[name] ?? 1);
  return own.map((weight) => weight * positiveWeight);
}

const STEPS = 3;
const STEP_FACTOR = 0.1;

/** The rate in an epoch, counted from 0: rising, then by the schedule; `step` is a tenth after each third. */
export function rateOf(
  { rate, schedule, mostEpochs, warmUpEpochs }: TrainingSettings,
  epoch: number,
): number {
  if (epoch < warmUpEpochs) return (rate * (epoch + 1)) / (warmUpEpochs + 1);
  if (schedule === 'constant') return rate;
  const share = epoch / mostEpochs;
  if (schedule === 'step') return rate * STEP_FACTOR ** Math.floor(STEPS * share);
  return halfCosine(rate, share);
}

/** In a frozen epoch, counted from 0: falling to 0 as a cosine. */
export const frozenRateOf = ({ frozen: { rate, epochs } }: TrainingSettings, epoch: number): number =>
  halfCosine(rate, epoch / epochs);

/** Without what does nothing: a rival has one set of labels and no recurrent part, and not all have a frozen stage. */
export function settingsInUse(settings: TrainingSettings): Partial<TrainingSettings> {
  const ofRecurrent = hasFrozenStage(settings) ? ['recurrentRateFactor'] : ['frozen'];
  const idle =
    settings.network === 'cnn-rnn' ? ofRecurrent : ['supervision', 'recurrentRateFactor', 'frozen'];
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !idle.includes(name)));
}

/** Each setting that is not the paper's, in words: `rate 0.0003 (paper: 0.00001)`. */
export function differencesFromPaper(settings: TrainingSettings): string[] {
  const skipped = ['preset', 'seed', 'chunk', 'startingWeights'];
  const told = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.entries(settingsInUse(settings)).flatMap(([name, value]) => {
    const paper = told(PAPER[name as keyof TrainingSettings]);
    return skipped.includes(name) || told(value) === paper
      ? []
      : [`${name} ${told(value)} (paper: ${paper})`];
  });
}
