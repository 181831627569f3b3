import type { Tensor } from '../base/index.ts';

/**
 * y = relu(convolution(x, w)) as an ONNX file: x [1, 32, 64, 64], w [32, 32, 3, 3], padding 1. Written by graph/, which
 * stands on this room's floor and cannot be asked.
 */
export const TRIAL_GRAPH = Uint8Array.from(
  atob(
    'CAgSBWljaG9yOsYBCkwKAXgKAXcSDWNvbnZvbHV0aW9uXzAiBENvbnYqEAoHc3RyaWRlc0ICAQGgAQcqDwoEcGFkc0IEAQEBAaABByoMCgVncm91cBgBoAECChgKDWNvbnZvbHV0aW9uXzASAXkiBFJlbHUSBXRyaWFsWhsKAXgSFgoUCAESEAoCCAEKAgggCgIIQAoCCEBaGwoBdxIWChQIARIQCgIIIAoCCCAKAggDCgIIA2IbCgF5EhYKFAgBEhAKAggBCgIIIAoCCEAKAghAQgQKABAS',
  ),
  (character) => character.charCodeAt(0),
);

const filled = (shape: readonly number[], value: number): Tensor => ({
  element: 'float32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

export const trialFeeds = (): Readonly<Record<string, Tensor>> => ({
  x: filled([1, 32, 64, 64], 0.5),
  w: filled([32, 32, 3, 3], 0.25),
});
