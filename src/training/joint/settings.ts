import { z } from 'zod';
import { COMPACT_SETTINGS, type NetworkSettings, PAPER_SETTINGS, TASK_NAMES } from '../../network/index.ts';

const share = z.number().min(0).max(1);

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
  /** Full width, or a quarter of it; of rivals too. */
  cnn: z.enum(['vgg16', 'compact-vgg16']),
  /** Labels used; sub-lab+pw starts from the convolutions of a trained 2-D VGG16 (supplement 4). */
  supervision: z.enum(['sub-lab', 'sub-lab+pw', 'sli-lab']),
  /** What the convolutions start from, in words. */
  startingWeights: z.string(),
  /** Networks, in the order they are trained. */
  tasks: z.array(z.enum(TASK_NAMES)).min(1),
  seed: z.number().int().nonnegative(),
  /** Adam's; the schedule shapes it over the epochs. */
  rate: z.number().positive(),
  schedule: z.enum(['constant', 'cosine']),
  weightDecay: z.number().min(0),
  /** Gradients of so many scans are averaged into one step of Adam. */
  scansAStep: z.number().int().positive(),
  /** Ends when the validation loss has not fallen for so many epochs. */
  patienceEpochs: z.number().int().positive(),
  mostEpochs: z.number().int().positive(),
  lossWeights: z.strictObject({ slice: z.number().min(0), subject: z.number().min(0) }),
  /** Weight of positive targets; 1 as in the paper. */
  positiveWeight: z.number().positive(),
  augmentation: augmentationSchema,
  /** One part in so many of the patients is kept to say when to stop. */
  validationParts: z.number().int().min(2),
  /** Slices that the CNN sees at once: activations of more are computed anew going backward, for bounded memory. */
  chunk: z.number().int().positive(),
});
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

/** The paper's numbers (supplement 4 and 5); where it is silent: validation 1 in 10 of the training patients' scans. */
const PAPER: TrainingSettings = {
  preset: 'paper',
  network: 'cnn-rnn',
  cnn: 'vgg16',
  supervision: 'sli-lab',
  startingWeights: 'from scratch',
  tasks: ['twoType', 'fiveType'],
  seed: 1,
  rate: 1e-5,
  schedule: 'constant',
  weightDecay: 0,
  scansAStep: 1,
  patienceEpochs: 50,
  mostEpochs: 1000,
  lossWeights: { slice: 1, subject: 1 },
  positiveWeight: 1,
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
  schedule: 'cosine',
  patienceEpochs: 10,
  mostEpochs: 40,
  chunk: 32,
};

export const TRAINING_PRESETS: Readonly<Record<string, TrainingSettings>> = Object.freeze({
  paper: PAPER,
  compact: COMPACT,
});

/** The shape of the network that these settings train. */
export const networkOf = ({ cnn, supervision }: TrainingSettings): NetworkSettings => ({
  ...(cnn === 'vgg16' ? PAPER_SETTINGS : COMPACT_SETTINGS),
  supervision: supervision === 'sli-lab' ? 'sli-lab' : 'sub-lab',
});

/** Each setting that is not the paper's, in words: `rate 0.0003 (paper: 0.00001)`. */
export function differencesFromPaper(settings: TrainingSettings): string[] {
  const skipped = ['preset', 'seed', 'chunk', 'startingWeights'];
  const told = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.entries(settings).flatMap(([name, value]) => {
    const paper = told(PAPER[name as keyof TrainingSettings]);
    return skipped.includes(name) || told(value) === paper
      ? []
      : [`${name} ${told(value)} (paper: ${paper})`];
  });
}
