// Corner, curve, keys and map speak of the class that is chosen, and of no other.
import { expect, test } from 'vitest';
import type { HemorrhageName } from '../../src/base/index.ts';
import { reportInput } from '../../test/support/report-input.ts';
import { ACTIONS } from './actions.ts';
import { curveOf, paneOf, shownVolume } from './shown-study.ts';
import { sliceMap } from './slice-map.ts';
import { startingView } from './view.ts';

const { prediction: made, volume } = reportInput(true);
/** Any hemorrhage is likely on slice 8 alone, an epidural one on slice 12 alone. */
const slices = made.slices.map((slice, i) => ({
  ...slice,
  probabilities: { anyHemorrhage: i === 7 ? 0.95 : 0.09, epidural: i === 11 ? 0.84 : 0.02 },
}));
const POINT = { operatingPoint: 0.2, operatingPointName: 'triage', subtypeThreshold: 0.5 };
const maps = new Float32Array(16 * 256).fill(1 / 256);
const study = {
  prediction: { ...made, slices, ...POINT },
  volume: shownVolume(volume),
  heatMaps: { anyHemorrhage: maps, epidural: maps },
  frame: { rowStart: 0, rowSize: 128, columnStart: 0, columnSize: 128 },
};
const viewOf = (mapClass: HemorrhageName, slice = 0) => ({ ...startingView(slice), mapClass });
const press = (key: string, view: ReturnType<typeof viewOf>) =>
  ACTIONS.find(({ keys }) => keys.includes(key))?.change(view, paneOf(study)).slice;

test('the keys go to the slices that are suspicious for the chosen class', () => {
  expect(press('n', viewOf('anyHemorrhage'))).toBe(7);
  expect(press('n', viewOf('epidural'))).toBe(11);
  expect(press('b', viewOf('epidural', 15))).toBe(11);
  expect(press('n', viewOf('subdural'))).toBe(0);
});

test('the curve is the one of the chosen class', () => {
  const { probabilities, threshold, thresholdText } = curveOf(study.prediction, 'epidural');
  expect([probabilities[11], probabilities[7], threshold, thresholdText]).toEqual([0.84, 0.02, 0.5, '0.5']);
  expect(curveOf(study.prediction, 'anyHemorrhage').thresholdText).toBe('0.2 (triage)');
  expect(paneOf(study).curves.epidural?.probabilities[11]).toBe(0.84);
});

test('why there is no map names the class', () => {
  expect(sliceMap(study, study.prediction, viewOf('epidural', 11))).toHaveProperty('map');
  expect(sliceMap(study, study.prediction, viewOf('anyHemorrhage', 11))).toEqual({
    why: 'No heat map: any hemorrhage is below 0.1 on this slice.',
  });
  expect(sliceMap(study, study.prediction, viewOf('epidural', 7))).toEqual({
    why: 'No heat map: epidural hemorrhage is below 0.1 on this slice.',
  });
});
