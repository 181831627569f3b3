import { encodeRasterPng } from '../figures/index.ts';
import type { Prediction } from '../prediction/index.ts';
import type { Volume } from '../volume/index.ts';
import { findingState } from './finding-state.ts';
import { slicePictures } from './slice-pictures.ts';
import { hasSliceProbabilities, mostSuspiciousSlices } from './suspicious-slices.ts';

/** Where a reader looks first: the most probable slice, or the middle one where nothing is suspected. */
export function firstSlice(prediction: Prediction): number {
  const isSuspected = findingState(prediction) !== 'below' && hasSliceProbabilities(prediction);
  const [highest = 0] = mostSuspiciousSlices(prediction, 1);
  return isSuspected ? highest : Math.floor(prediction.slices.length / 2);
}

/** Longest side, px: enough to see what the study is, too little to read it. */
const PREVIEW_PX = 192;

/**
 * The slice that a reader looks at first, as a small PNG in the brain window for a list. No mark, no letter and no identity stands
 * on it: a list announces, it does not diagnose (FDA, 21 CFR 892.2080).
 */
export const previewPicture = (volume: Volume, prediction: Prediction): Uint8Array =>
  encodeRasterPng(slicePictures(volume, firstSlice(prediction), PREVIEW_PX).plain);
