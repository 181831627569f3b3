import { CNN_PLANS, convolutionsOf } from '../network/index.ts';

/** A convolution of torchvision's and its place here. */
export interface ImageNetLayer {
  /** Behind `<task>/`: `cnn/conv1_1`. */
  readonly ours: string;
  /** `features.0`, or with batch normalisation `inception3a.branch1`, which has `.conv` and `.bn`. */
  readonly theirs: string;
  readonly normalised: boolean;
}

/** What a network of torchvision expects as its input: (x - mean) / deviation, x in 0 to 1. */
export interface ImageNetPlan {
  readonly name: string;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  readonly layers: readonly ImageNetLayer[];
  /** Of its batch normalisation. */
  readonly epsilon: number;
}

/** torchvision's VGG16: its 13 convolutions stand at these places of `features`. */
const VGG16_PLACES = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28] as const;

const VGG16: ImageNetPlan = {
  name: 'VGG16',
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
  epsilon: 0,
  layers: convolutionsOf(CNN_PLANS.vgg16).map(({ name }, i) => ({
    ours: `cnn/${name}`,
    theirs: `features.${VGG16_PLACES[i]}`,
    normalised: false,
  })),
};

/** Our names of a module's convolutions, and torchvision's. */
const INCEPTION_PARTS = {
  one: 'branch1',
  toThree: 'branch2.0',
  three: 'branch2.1',
  toFive: 'branch3.0',
  five: 'branch3.1',
  pool: 'branch4.1',
} as const;
const INCEPTIONS = ['3a', '3b', '4a', '4b', '4c', '4d', '4e', '5a', '5b'] as const;

const normalised = (ours: string, theirs: string): ImageNetLayer => ({
  ours: `googlenet/${ours}`,
  theirs,
  normalised: true,
});

/** torchvision's came from TensorFlow: it turns its usual input into one of -1 to 1 first (`transform_input`). */
const GOOGLENET: ImageNetPlan = {
  name: 'GoogLeNet',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
  epsilon: 0.001,
  layers: [
    normalised('conv1', 'conv1'),
    normalised('conv2/reduce', 'conv2'),
    normalised('conv2', 'conv3'),
    ...INCEPTIONS.flatMap((module) =>
      Object.entries(INCEPTION_PARTS).map(([ours, theirs]) =>
        normalised(`inception${module}/${ours}`, `inception${module}.${theirs}`),
      ),
    ),
  ],
};

/** Whose convolutions a network can start from. */
export const IMAGENET_PLANS = { vgg16: VGG16, googlenet: GOOGLENET } as const;
