/**
 * Weights that other programs trained, as weights of ours: behind a door of its own, so that what predicts does not carry
 * readers of their formats.
 */

// ImageNet's, from torchvision

export { imageNetStart } from './imagenet.ts';
export { IMAGENET_PLANS } from './imagenet-plans.ts';
export { readTensors } from './read-tensors.ts';

// ImageNet's MobileNet, from TensorFlow.js

export { importMobileNet } from './mobilenet.ts';
