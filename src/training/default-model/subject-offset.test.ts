import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import type { FoldFile, UnseenSeries } from './figures-of-folds.ts';
import { missingOffset } from './subject-offset.ts';

const random = createRandom(4);
const seriesOf = (form: UnseenSeries['form'], subject: number, bleeds: boolean): UnseenSeries => ({
  study: '1',
  form,
  targets: [[bleeds ? 1 : 0, 0, 0, 0, 0, 0]],
  twoType: { slices: [], subject },
  fiveType: { slices: [], subject: [] },
  cnn: [],
});
const fileOf = (predictions: UnseenSeries[]): FoldFile => ({ seed: 1, fold: 0, predictions });

test('the offset that is missing moves the logit to 0 where hemorrhage is as likely as not', () => {
  const drawn = Array.from({ length: 4000 }, () => {
    const truth = random.normal(0, 2);
    return seriesOf('transformed', truth - 0.75, random.chance(1 / (1 + Math.exp(-truth))));
  });
  const plain = Array.from({ length: 400 }, () => seriesOf('plain', -9, true));
  expect(missingOffset([fileOf(drawn), fileOf(plain)])).toBeCloseTo(0.75, 1);
});

test('no line fits where the classes are apart', () => {
  const apart = [seriesOf('transformed', -1, false), seriesOf('transformed', 1, true)];
  expect(missingOffset([fileOf(apart)])).toBeUndefined();
});
