import {
  MOBILENET_SETTINGS,
  type NetworkSettings,
  type SliceReads,
  type SubjectReads,
} from '../../network/index.ts';

/** Every number of the default model's training. Changed numbers mean new folders of intermediate results. */
export interface Recipe {
  /** Convolutions up to this one keep their ImageNet weights; what they give is computed once and kept. */
  readonly lastFrozen: string;
  /** Copies of every series, the plain one among them, the others transformed. */
  readonly copies: number;
  /** Copies of the series without hemorrhage that bear inserted bleeds. */
  readonly bleedingCopies: number;
  /**
   * Copies of the series without hemorrhage that bear the blood of one patient each, among those that train and whose blood's
   * place is known; none where it is absent.
   */
  readonly movedCopies?: number;
  /** At most so many bleeds in one series. */
  readonly mostBleeds: number;
  /** Copies of each phantom, the plain one among them. */
  readonly phantomCopies: number;
  readonly augmentation: AugmentationRanges;
  /** On phantoms alone: once, for every fold, seed and the bundled model. */
  readonly phantomStage: WarmUpSettings;
  /** Then on each run's own patients, so many times from the same start; the CNN is the mean. */
  readonly warmUps: number;
  readonly warmUp: WarmUpSettings;
  readonly recurrent: RecurrentSettings;
  /** What the model file does with thinner slices than the training's; it sees them as they are where it is absent. */
  readonly slabMm?: number;
  /** Boxes teach the CNN where the blood of patients is, see bloodInBoxes; where it is absent the labels of their slices alone do. */
  readonly bleedBoxes?: true;
  /** Side of the square that the CNN sees, 256 where it is absent; pixels are those of 256 x 256 in all other numbers. */
  readonly imageSide?: number;
}

export interface AugmentationRanges {
  readonly rotationDegrees: number;
  /** 1.1 enlarges what is shown. */
  readonly scale: readonly [number, number];
  readonly shear: number;
  /** Share of the image's side. */
  readonly shift: number;
  readonly gain: readonly [number, number];
  /** Scanners differ in what HU brain has; the training images are brighter than most. */
  readonly offsetHu: readonly [number, number];
  readonly noiseHu: number;
  /** Of the brain, see stretchContrast. */
  readonly contrast: readonly [number, number];
  /** At the inner table, and over how many pixels of 256 x 256, see addCupping. */
  readonly cuppingHu: readonly [number, number];
  readonly cuppingReach: readonly [number, number];
  /** Share of copies whose bone blooms, and how, see addBlooming. */
  readonly bloomingShare: number;
  readonly bloomingBoneHu: readonly [number, number];
  readonly bloomingSigma: readonly [number, number];
  readonly bloomingFromNeighbours: readonly [number, number];
  /** Share of copies whose skull is open at one place, see openSkull; none where it is absent. */
  readonly openSkullShare?: number;
  /** Share of copies that are smoothed, as by a softer kernel, and by how much, pixels. */
  readonly smoothedShare: number;
  readonly smoothing: readonly [number, number];
}

/** The CNN on single slices, before the recurrent part exists. */
export interface WarmUpSettings {
  readonly steps: number;
  readonly batch: number;
  /** Of each batch: slices with real hemorrhage, slices with inserted bleeds; the rest are real ones without any. */
  readonly real: number;
  readonly inserted: number;
  /** Slices of phantoms, half of them with a bleed where there is one. */
  readonly phantoms: number;
  /** Slices of phantoms with little noise, half of them with a bleed as well. */
  readonly quiet?: number;
  readonly rate: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly subtypeWeight: number;
  /** Of the loss of the cells of the last maps, where it is known which of them bleed. */
  readonly cellWeight: number;
}

/** Both recurrent parts on the features of whole series, the CNN at rest. */
export interface RecurrentSettings {
  /** Copies of each kind of a series on whose features they are trained, and of each phantom. */
  readonly copies: number;
  readonly phantomCopies: number;
  /** The two-type part soon grows surer of subjects than it is right; the five-type one has more to learn. */
  readonly twoType: RecurrentRuns;
  readonly fiveType: RecurrentRuns;
  /**
   * Added to the subject's logit of hemorrhage after training. Where logistic regression on transformed copies of
   * patients out of fold (seed 1) says that hemorrhage is as likely as not, the trained logit is below 0 by so much.
   */
  readonly subjectOffset: number;
  /** The recurrent part alone, as in the paper, where it is absent; the CNN's head is the one that served its training. */
  readonly sliceReads?: SliceReads;
  /** The paper's mean where it is absent. */
  readonly subjectReads?: SubjectReads;
  readonly weightDecay: number;
  /** Of the CNN's features: it has seen these series, and is surer of them than of others. */
  readonly featureDropout: number;
  /**
   * Share of the steps on series that are healthy, really bleeding, phantoms, phantoms with little noise; the rest have
   * inserted bleeds. The five-type part takes bleeding ones alone, in the same proportions.
   */
  readonly shares: {
    readonly healthy: number;
    readonly real: number;
    readonly phantoms: number;
    readonly quiet?: number;
  };
}

export interface StepsAtRate {
  readonly steps: number;
  readonly rate: number;
}

export interface RecurrentRuns extends StepsAtRate {
  /** From the same start, on series drawn anew; the part is their mean. */
  readonly runs: number;
}

/** What the bundled model is made with; models/cross-validation.json measures the same recipe. */
export const DEFAULT_RECIPE: Recipe = {
  lastFrozen: 'conv_pw_5',
  copies: 5,
  bleedingCopies: 8,
  mostBleeds: 3,
  phantomCopies: 2,
  augmentation: {
    rotationDegrees: 25,
    scale: [1 / 1.12, 1 / 0.88],
    shear: 0.1,
    shift: 0.03,
    gain: [0.9, 1.1],
    offsetHu: [-9, 4],
    noiseHu: 4,
    contrast: [0.75, 1.4],
    cuppingHu: [-3, 16],
    cuppingReach: [6, 14],
    bloomingShare: 0.6,
    bloomingBoneHu: [200, 1000],
    bloomingSigma: [0.3, 0.8],
    bloomingFromNeighbours: [0, 0.02],
    smoothedShare: 0.4,
    smoothing: [0.4, 1.1],
  },
  phantomStage: {
    steps: 2500,
    batch: 16,
    real: 0,
    inserted: 0,
    phantoms: 16,
    rate: 1e-3,
    weightDecay: 1e-2,
    dropout: 0.3,
    subtypeWeight: 2,
    cellWeight: 4,
  },
  warmUps: 2,
  warmUp: {
    steps: 300,
    batch: 16,
    real: 3,
    inserted: 2,
    phantoms: 2,
    quiet: 2,
    rate: 3e-4,
    weightDecay: 1e-2,
    dropout: 0.3,
    subtypeWeight: 2,
    cellWeight: 4,
  },
  recurrent: {
    copies: 5,
    phantomCopies: 2,
    twoType: { steps: 1000, rate: 5e-4, runs: 4 },
    fiveType: { steps: 3000, rate: 1e-3, runs: 1 },
    subjectReads: 'meanAndSurestSlice',
    subjectOffset: 1.22,
    weightDecay: 1e-2,
    featureDropout: 0.3,
    shares: { healthy: 0.4, real: 0.18, phantoms: 0.2, quiet: 0.1 },
  },
  slabMm: 5,
};

/** The networks that a recipe trains. */
export const networkOf = ({
  slabMm,
  imageSide,
  recurrent: { sliceReads, subjectReads },
}: Recipe): NetworkSettings => ({
  ...MOBILENET_SETTINGS,
  ...(sliceReads && { sliceReads }),
  ...(subjectReads && { subjectReads }),
  ...(slabMm && { slabMm }),
  ...(imageSide && { imageSide }),
});
