import { GOOGLENET_2D } from './googlenet.ts';
import type { Rival, RivalName } from './rival.ts';
import { VGG16_2D } from './vgg16-2d.ts';
import { VGG16_3D } from './vgg16-3d.ts';

/** A row a rival; a new one needs nothing else. */
export const RIVALS: Readonly<Record<RivalName, Rival>> = Object.freeze({
  '2d-vgg16': VGG16_2D,
  '2d-googlenet': GOOGLENET_2D,
  '3d-vgg16': VGG16_3D,
});
