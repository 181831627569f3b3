import { expect, test } from 'vitest';
import type { Prediction } from '../../src/prediction/index.ts';
import { reportInput } from '../../test/support/report-input.ts';
import { WORDS } from '../words.ts';
import { whyNoPictures } from './why-no-pictures.ts';

const { prediction } = reportInput(true, 3);
const slices: Prediction['slices'] = prediction.slices.map((slice, i) => ({
  ...slice,
  sopInstanceUid: `1.2.${i}`,
}));
const holding = (...uids: string[]) => uids.map((sopInstanceUid) => ({ sopInstanceUid, bytes: 1 }));
const REMOVED = { removedAt: '2026-01-01T10:00:00.000Z' };

test.each([
  ['all slices are held', { objects: holding('1.2.0', '1.2.1', '1.2.2', '9.9') }, undefined],
  ['one slice is held', { objects: holding('1.2.1') }, undefined],
  ['all was removed', { objects: [], ...REMOVED }, WORDS.study.removed],
  ['a dose report came after the removal', { objects: holding('9.9'), ...REMOVED }, WORDS.study.removed],
  ['a slice came again after the removal', { objects: holding('1.2.2', '9.9'), ...REMOVED }, undefined],
  ['other images are held', { objects: holding('9.8', '9.9') }, WORDS.study.otherPictures],
])('%s', (_, held, why) => {
  expect(whyNoPictures(held, { slices })).toBe(why);
});
