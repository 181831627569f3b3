import { expect, test } from 'vitest';
import { createRandom } from '../../base/index.ts';
import { unlikeness } from '../../prediction/index.ts';
import { fitFacing, fitReference } from './reference.ts';

const NO_HALVES = new Float32Array();
const seen = (thirds: Float32Array) => ({ thirds, frontLessBack: NO_HALVES });

/** Forty series of sixty values: noise, and one direction along which they differ much. */
const random = createRandom(7);
const series = Array.from({ length: 40 }, () => {
  const along = random.normal(0, 5);
  return seen(Float32Array.from({ length: 60 }, (_, i) => 3 + random.normal(0, 1) + (i % 2) * along));
});
const { reference, leftOut } = fitReference(series, 'a test', unlikeness);

test('at most one in twenty lies beyond the limit when it is left out', () => {
  expect(leftOut).toHaveLength(40);
  expect(leftOut.filter((distance) => distance > reference.limit)).toHaveLength(2);
});

test('what differs as the training does is like it, what differs otherwise is not', () => {
  const like = seen(Float32Array.from({ length: 60 }, (_, i) => 3 + (i % 2) * 6));
  const unlike = seen(Float32Array.from({ length: 60 }, (_, i) => 3 + (i < 30 ? 6 : -6)));
  expect(unlikeness(reference, like).distance).toBeLessThan(reference.limit);
  expect(unlikeness(reference, unlike).distance).toBeGreaterThan(3 * reference.limit);
});

test('a head upside down is told from one as heads lie, also where series differ more along another direction', () => {
  const halves = (sign: 1 | -1) => {
    const along = random.normal(0, 8);
    const frontLessBack = Float32Array.from(
      { length: 60 },
      (_, i) => sign * (i < 20 ? 1 : 0) + random.normal(0, 1) + (i % 2) * along,
    );
    return { thirds: new Float32Array(), frontLessBack };
  };
  const looks = (sign: 1 | -1) => Array.from({ length: 40 }, () => halves(sign));
  const [upright, upsideDown] = [looks(1), looks(-1)];
  const facing = fitFacing(upright, upsideDown);
  const toldOf = (all: typeof upright) =>
    all.map(
      (look) => unlikeness({ ...reference, facing }, { ...look, thirds: reference.mean }).upsideDown ?? NaN,
    );
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(meanOf(toldOf(upright))).toBeCloseTo(0, 4);
  expect(meanOf(toldOf(upsideDown))).toBeCloseTo(1, 4);
  expect(Math.max(...toldOf(looks(1)))).toBeLessThan(0.5);
  expect(Math.min(...toldOf(looks(-1)))).toBeGreaterThan(0.5);
});
