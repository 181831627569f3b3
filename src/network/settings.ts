/** What one network answers; the names of its outputs, in their order. */
export type TaskName = 'twoType' | 'fiveType';
export type CnnName = 'vgg16' | 'compact-vgg16' | 'compact-vgg16-128' | 'mobilenet-v1';
export type PreprocessingName = 'paper' | 'head';

/** Everything that fixes a network's shape: kept in the checkpoint and in the model file. */
export interface NetworkSettings {
  /** Row of CNN_PLANS. */
  readonly cnn: CnnName;
  /** Row of PREPROCESSING. */
  readonly preprocessing: PreprocessingName;
  /** Features of one slice: the dense layer that ends the CNN, with ReLU as VGG16's own (the paper is silent). */
  readonly features: number;
  /** Hidden size of each direction of both GRU layers. */
  readonly hidden: number;
  /** Share of each GRU layer's outputs dropped while training; the last layer's too. */
  readonly dropout: number;
  /** The paper's Sub-Lab has no slice head, hence no slice probabilities and no heat maps. */
  readonly supervision: 'sub-lab' | 'sli-lab';
  /** True: one CNN serves both recurrent parts; false, as in the paper: two whole networks. */
  readonly sharedCnn: boolean;
  /** Whose opinion a slice's logits are; the recurrent part's alone, as in the paper, where it is absent. */
  readonly sliceReads?: SliceReads | undefined;
  /** What of all slices the subject's logits are made of; the paper's mean where it is absent. */
  readonly subjectReads?: SubjectReads | undefined;
  /** Thinner slices are seen as slabs of about so many mm; slices as they are, as in the paper, where it is absent. */
  readonly slabMm?: number | undefined;
  /** Side of the square that the CNN sees, pixels, a multiple of 64; 256, as in the paper, where it is absent. */
  readonly imageSide?: number | undefined;
}

/**
 * The recurrent part knows the neighbours of a slice, and the few series that trained it by heart; the CNN's own head sees the
 * slice alone. With both, the logits are the mean of theirs.
 */
export type SliceReads = 'recurrent' | 'recurrentAndCnn';

/**
 * A mean over the slices fades a bleed on few of them. With the surest slice, the head's answer to the mean is added to the
 * slice's logit that is surest: the subject cannot lag behind its slices.
 */
export type SubjectReads = 'mean' | 'meanAndSurestSlice';

/** The paper's networks, supplement 4. */
export const PAPER_SETTINGS: NetworkSettings = Object.freeze({
  cnn: 'vgg16',
  preprocessing: 'paper',
  features: 256,
  hidden: 32,
  dropout: 0.2,
  supervision: 'sli-lab',
  sharedCnn: false,
});

/** The paper's plan at a quarter of the width: for quick trainings and tests. */
export const COMPACT_SETTINGS: NetworkSettings = Object.freeze({ ...PAPER_SETTINGS, cnn: 'compact-vgg16' });

/** The compact plan on the cropped head, halved to 128 x 128: for studies that train in minutes. */
export const QUICK_SETTINGS: NetworkSettings = Object.freeze({
  ...PAPER_SETTINGS,
  cnn: 'compact-vgg16-128',
  preprocessing: 'head',
});

/** What the default model uses: MobileNetV1 on the cropped head, one CNN for both tasks. */
export const MOBILENET_SETTINGS: NetworkSettings = Object.freeze({
  ...PAPER_SETTINGS,
  cnn: 'mobilenet-v1',
  preprocessing: 'head',
  sharedCnn: true,
});

/** Whether the CNN's own head speaks for each slice beside the recurrent part's. */
export const hearsCnn = ({ supervision, sliceReads }: NetworkSettings): boolean =>
  supervision === 'sli-lab' && sliceReads === 'recurrentAndCnn';

export interface Task {
  readonly name: TaskName;
  readonly outputs: number;
  /** The outputs that stand for a hemorrhage class; the two-type network's first says `no ICH`. */
  readonly positives: readonly number[];
}

/** Two-type: [no ICH, ICH]; five-type: HEMORRHAGE_SUBTYPES in their order. Each output has its own sigmoid. */
export const TASKS: Readonly<Record<TaskName, Task>> = Object.freeze({
  twoType: { name: 'twoType', outputs: 2, positives: [1] },
  fiveType: { name: 'fiveType', outputs: 5, positives: [0, 1, 2, 3, 4] },
});

export const TASK_NAMES: readonly TaskName[] = ['twoType', 'fiveType'];

/** Side of the square that the paper's CNN sees. */
export const IMAGE_SIDE = 256;
/** Every CNN's last maps are so many times smaller than what it sees. */
const MAP_STRIDE = 16;
/** Sides are multiples of it: heads are masked in squares of a whole number of pixels, maps halve once more. */
export const SIDE_STEP = 64;

/** Side of the square that the CNN sees. */
export const imageSideOf = ({ imageSide = IMAGE_SIDE }: Pick<NetworkSettings, 'imageSide'>): number =>
  imageSide;

/** Side of the maps of its last convolution, and of heat maps. */
export const mapSideOf = (settings: Pick<NetworkSettings, 'imageSide'>): number =>
  imageSideOf(settings) / MAP_STRIDE;
