import { expect, test } from 'vitest';
import { bloodInBoxes } from './boxed-blood.ts';

const SIDE = 128;
const FLOOR_HU = -20;
const CENTRE = SIDE / 2;
const [SCALP, SKULL, BRAIN] = [56, 52, 44];
const SUBDURAL = 3;

/** A round head: brain at 35 HU, a crescent of 70 HU along the skull's left side, and blood in the scalp beside it. */
function headHu(row: number, column: number): number {
  const reach = Math.hypot(row - CENTRE, column - CENTRE);
  const isLeft = column < CENTRE && Math.abs(row - CENTRE) < 20;
  if (reach > SCALP) return FLOOR_HU;
  if (reach > SKULL) return isLeft ? 65 : 20;
  if (reach > BRAIN) return 100;
  return isLeft && reach > BRAIN - 8 ? 70 : 35;
}

const pixels = (value: (row: number, column: number) => number): number[] =>
  Array.from({ length: SIDE ** 2 }, (_, i) => value(Math.floor(i / SIDE), i % SIDE));

test('of a loose box the blood inside the skull is left, without brain, bone and scalp', () => {
  const slices = Float32Array.from(pixels(headHu).map((hu) => hu - FLOOR_HU));
  const isBoxed = (_: number, column: number): boolean => column < CENTRE;
  const boxes = Uint8Array.from(pixels((row, column) => (isBoxed(row, column) ? SUBDURAL : 0)));
  const blood = bloodInBoxes({ side: SIDE, slices }, boxes);
  const truth = pixels((row, column) => {
    const reach = Math.hypot(row - CENTRE, column - CENTRE);
    return headHu(row, column) === 70 && reach <= BRAIN ? SUBDURAL : 0;
  });
  const found = [...blood.keys()].filter((i) => blood[i] === SUBDURAL);
  const right = found.filter((i) => truth[i] === SUBDURAL);
  expect(new Set(blood)).toEqual(new Set([0, SUBDURAL]));
  expect(right.length / found.length).toBeGreaterThan(0.85);
  expect(right.length / truth.filter((value) => value > 0).length).toBeGreaterThan(0.8);
});

test('where no brain is seen nothing is said of the blood', () => {
  const slices = new Float32Array(SIDE ** 2).fill(90);
  const boxes = new Uint8Array(SIDE ** 2).fill(SUBDURAL);
  expect(new Set(bloodInBoxes({ side: SIDE, slices }, boxes))).toEqual(new Set([0]));
});
