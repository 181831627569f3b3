import { CNN_PLANS } from '../cnn-plans.ts';
import { trunkParameters } from '../parameters.ts';
import { COMPACT_SETTINGS, PAPER_SETTINGS, QUICK_SETTINGS } from '../settings.ts';
import { buildTrunk } from '../trunk.ts';
import { outputSpecs, type Rival, type RivalSize } from './rival.ts';

const settingsOf = ({ width, onHalves }: RivalSize) =>
  width === 1 ? PAPER_SETTINGS : onHalves ? QUICK_SETTINGS : COMPACT_SETTINGS;

/**
 * VGG16 on single slices (Simonyan and Zisserman 2014): the CNN of the joint network with an output layer of its own,
 * so that the two differ in the recurrent part alone.
 */
export const VGG16_2D: Rival = {
  name: '2d-vgg16',
  sees: 'slices',
  features: (size) => settingsOf(size).features,
  specs: (task, size) => {
    const settings = settingsOf(size);
    return [...trunkParameters(settings, task), ...outputSpecs(task, settings.features)];
  },
  buildFeatures: (images, { of }, task, size) => {
    const settings = settingsOf(size);
    return buildTrunk(images, { settings, of }, task).features;
  },
};

/** Channels of VGG16's five blocks at a size. */
export const vggWidths = (size: RivalSize): readonly number[] => {
  const { rows } = CNN_PLANS[settingsOf(size).cnn];
  return rows.flatMap((row) =>
    row.kind === 'convolution' && row.name.endsWith('_1') ? [row.outChannels] : [],
  );
};
