import { at } from '../../base/index.ts';
import {
  conv3d,
  dense,
  maxPool3d,
  reduceMean,
  relu,
  reshape,
  transpose,
  unsqueeze,
  type Value,
} from '../../graph/index.ts';
import type { BookOf, ParameterSpec } from '../parameters.ts';
import { IMAGE_SIDE, PAPER_SETTINGS, type TaskName } from '../settings.ts';
import { outputSpecs, type Rival, type RivalSize, seenBy } from './rival.ts';
import { vggWidths } from './vgg16-2d.ts';

/** Convolutions of each block. */
const DEPTHS = [2, 2, 3, 3, 3] as const;
/** Five poolings halve the slices as they halve rows and columns. */
export const SLICES_A_STEP = 2 ** DEPTHS.length;
const sideAfter = ({ onHalves }: RivalSize): number => IMAGE_SIDE / (onHalves ? 2 : 1) / SLICES_A_STEP;
const { features: FEATURES } = PAPER_SETTINGS;

interface Layer {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
}

function blocksOf(size: RivalSize): readonly (readonly Layer[])[] {
  let inChannels = 3;
  return vggWidths(size).map((outChannels, block) =>
    Array.from({ length: at(DEPTHS, block) }, (_, i) => {
      const layer = { name: `conv${block + 1}_${i + 1}`, inChannels, outChannels };
      inChannels = outChannels;
      return layer;
    }),
  );
}

const bridgeOf = (size: RivalSize): number => (vggWidths(size).at(-1) as number) * sideAfter(size) ** 2;

function specsOf(task: TaskName, size: RivalSize): ParameterSpec[] {
  const layers = blocksOf(size).flat();
  const convolutions = layers.flatMap(({ name, inChannels, outChannels }): ParameterSpec[] => {
    const shared = { fanIn: 27 * inChannels, part: 'cnn' } as const;
    const stem = `${task}/vgg3d/${name}`;
    return [
      { name: `${stem}/weights`, shape: [outChannels, inChannels, 3, 3, 3], role: 'beforeRelu', ...shared },
      { name: `${stem}/bias`, shape: [outChannels], role: 'bias', ...shared },
    ];
  });
  const shared = { fanIn: bridgeOf(size), part: 'dense' } as const;
  return [
    ...convolutions,
    {
      name: `${task}/vgg3d/dense/weights`,
      shape: [FEATURES, bridgeOf(size)],
      role: 'beforeRelu',
      ...shared,
    },
    { name: `${task}/vgg3d/dense/bias`, shape: [FEATURES], role: 'bias', ...shared },
    ...outputSpecs(task, FEATURES),
  ];
}

/** Images [slices, 3, 256, 256] of a scan, slices a multiple of 32 -> [1, 256]. */
function buildFeatures(images: Value, { of }: BookOf, task: TaskName, size: RivalSize): Value {
  let x: Value = unsqueeze(transpose(seenBy(size, images), [1, 0, 2, 3]), 0);
  for (const block of blocksOf(size)) {
    for (const { name } of block)
      x = relu(
        conv3d(x, of(`${task}/vgg3d/${name}/weights`), of(`${task}/vgg3d/${name}/bias`), { padding: 1 }),
      );
    x = maxPool3d(x, { kernel: 2 });
  }
  // A long scan leaves more than one slice: their mean, so that the dense layer fits every scan
  const flat = reshape(reduceMean(x, { axes: [2] }), [1, bridgeOf(size)]);
  return relu(dense(flat, of(`${task}/vgg3d/dense/weights`), of(`${task}/vgg3d/dense/bias`)));
}

/**
 * VGG16 with 3 x 3 x 3 kernels on the whole scan. The paper does not say how five poolings treat a scan of 15 slices:
 * here slices of air are added at the end up to the next multiple of 32, which the poolings bring to one slice.
 */
export const VGG16_3D: Rival = {
  name: '3d-vgg16',
  sees: 'scan',
  features: () => FEATURES,
  specs: specsOf,
  buildFeatures,
};
