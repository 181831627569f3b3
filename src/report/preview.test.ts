import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { reportInput } from '../../test/support/report-input.ts';
import { firstSlice, previewPicture } from './preview.ts';
import { slicePictures } from './slice-pictures.ts';

test('looked at first is the most suspicious slice, or the middle one where nothing is suspected', () => {
  const { prediction } = reportInput(true);
  const probabilities = prediction.slices.map((slice) => slice.probabilities.anyHemorrhage ?? 0);
  expect(probabilities[firstSlice(prediction)]).toBe(Math.max(...probabilities));
  const below = { ...prediction, anyHemorrhage: { probability: 0.1, positive: false } };
  expect(firstSlice(below)).toBe(Math.floor(prediction.slices.length / 2));
  const silent = {
    ...prediction,
    slices: prediction.slices.map((slice) => ({ ...slice, probabilities: {} })),
  };
  expect(firstSlice(silent)).toBe(Math.floor(prediction.slices.length / 2));
});

test('the preview is that slice, small and grey, with nothing on it and nothing beside its pixels', () => {
  const { volume, prediction } = reportInput(true);
  const png = previewPicture(volume, prediction);
  const { width, height, data, channels, text } = decode(png);
  expect(Math.max(width, height)).toBe(192);
  expect(text).toEqual({});
  const { plain } = slicePictures(volume, firstSlice(prediction), 192);
  expect([channels, Buffer.from(data).equals(Uint8Array.from(plain.rgb))]).toEqual([3, true]);
  for (let i = 0; i < data.length; i += 3)
    if (data[i] !== data[i + 1]) throw new Error('a colour stands on it');
  expect(png.length).toBeLessThan(40_000);
});
