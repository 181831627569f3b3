import { at } from '../base/index.ts';
import type { CnnName } from './settings.ts';

/** A convolution with its bias and activation; `same` padding as the framework that the weights come from has it. */
export interface ConvolutionRow {
  readonly kind: 'convolution';
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: 1 | 3;
  readonly stride: 1 | 2;
  /** Each channel alone. */
  readonly depthwise: boolean;
}
/** 2 x 2, stride 2. */
export interface MaxPoolRow {
  readonly kind: 'maxPool';
  readonly name: string;
}
/** The mean of each 2 x 2, before the first convolution. */
export interface HalvingRow {
  readonly kind: 'halving';
  readonly name: string;
}
export type CnnRow = ConvolutionRow | MaxPoolRow | HalvingRow;

/** From 3 x 256 x 256 to maps of 16 x 16, or from another side to a sixteenth of it: the output of the last row, after its activation and before any pooling. */
export interface CnnPlan {
  readonly name: CnnName;
  readonly rows: readonly CnnRow[];
  readonly activation: 'relu' | 'relu6';
  readonly mapChannels: number;
  /** How the maps become the dense layer's input: max pooling to 8 x 8 and all of it, or each map's mean and maximum. */
  readonly bridge: 'flatten' | 'averageAndMaximum';
  /** The images, 0 to 1, are stretched to this range first. */
  readonly inputRange: readonly [low: number, high: number];
}

type VggWidths = readonly [number, number, number, number, number];

/**
 * VGG16's configuration D (Simonyan and Zisserman 2014) without its last pooling. `onHalves` works on 128 x 128 and
 * leaves out the fourth pooling too: its maps, and so its convolutions, have the same shapes. It ends in each map's mean
 * and maximum: a bleed teaches the same wherever it lies, where flattened maps teach each place by itself.
 */
function vgg16(name: CnnName, widths: VggWidths, onHalves = false): CnnPlan {
  const depths = [2, 2, 3, 3, 3];
  const pooled = onHalves ? 3 : 4;
  let inChannels = 3;
  const rows = widths.flatMap((outChannels, block): CnnRow[] => {
    const convolutions = Array.from({ length: at(depths, block) }, (_, i): CnnRow => {
      const row = convolutionRow(`conv${block + 1}_${i + 1}`, inChannels, outChannels);
      inChannels = outChannels;
      return row;
    });
    return block >= pooled ? convolutions : [...convolutions, { kind: 'maxPool', name: `pool${block + 1}` }];
  });
  return {
    name,
    rows: onHalves ? [{ kind: 'halving', name: 'halving' }, ...rows] : rows,
    activation: 'relu',
    mapChannels: widths[4],
    bridge: onHalves ? 'averageAndMaximum' : 'flatten',
    inputRange: [0, 1],
  };
}

function convolutionRow(
  name: string,
  inChannels: number,
  outChannels: number,
  rest: Partial<ConvolutionRow> = {},
): ConvolutionRow {
  return {
    kind: 'convolution',
    name,
    inChannels,
    outChannels,
    kernel: 3,
    stride: 1,
    depthwise: false,
    ...rest,
  };
}

/** MobileNetV1, width 1.0 (Howard et al. 2017), up to conv_pw_11: the last layer at stride 16. */
const MOBILENET_BLOCKS: readonly (readonly [channels: number, stride: 1 | 2])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
];

function mobileNetV1(): CnnPlan {
  const rows: CnnRow[] = [convolutionRow('conv1', 3, 32, { stride: 2 })];
  let inChannels = 32;
  for (const [i, [outChannels, stride]] of MOBILENET_BLOCKS.entries()) {
    rows.push(convolutionRow(`conv_dw_${i + 1}`, inChannels, inChannels, { stride, depthwise: true }));
    rows.push(convolutionRow(`conv_pw_${i + 1}`, inChannels, outChannels, { kernel: 1 }));
    inChannels = outChannels;
  }
  return {
    name: 'mobilenet-v1',
    rows,
    activation: 'relu6',
    mapChannels: 512,
    bridge: 'averageAndMaximum',
    inputRange: [-1, 1],
  };
}

const QUARTER: VggWidths = [16, 32, 64, 128, 128];

/** One row a CNN; a new one needs nothing else. */
export const CNN_PLANS: Readonly<Record<CnnName, CnnPlan>> = Object.freeze({
  vgg16: vgg16('vgg16', [64, 128, 256, 512, 512]),
  'compact-vgg16': vgg16('compact-vgg16', QUARTER),
  'compact-vgg16-128': vgg16('compact-vgg16-128', QUARTER, true),
  'mobilenet-v1': mobileNetV1(),
});

export const convolutionsOf = (plan: CnnPlan): readonly ConvolutionRow[] =>
  plan.rows.filter((row) => row.kind === 'convolution');
