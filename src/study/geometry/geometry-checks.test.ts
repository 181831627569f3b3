import { expect, test } from 'vitest';
import type { PlacedSlice } from '../headers/slice-header.ts';
import { HEAD_PLACES_MM, sliceAt, slicesAt } from '../headers/slices-fixture.ts';
import { checkGeometry, stepsText } from './geometry-checks.ts';
import { stackOf } from './stack.ts';

const codes = (slices: readonly PlacedSlice[]) => checkGeometry(stackOf(slices)).map((check) => check.code);
const without = (...indices: number[]) => slicesAt(HEAD_PLACES_MM.filter((_, i) => !indices.includes(i)));

const tilted = (tiltDegrees: number, more: Partial<PlacedSlice> = {}) => {
  const tilt = (tiltDegrees * Math.PI) / 180;
  return slicesAt(HEAD_PLACES_MM, {
    columnDirection: [0, Math.cos(tilt), -Math.sin(tilt)],
    sliceThicknessMm: 5 * Math.cos(tilt),
    ...more,
  });
};

test('an even stack has nothing to be said', () => {
  expect(codes(slicesAt(HEAD_PLACES_MM))).toEqual([]);
});

test('slices are ordered from inferior to superior whatever way they were numbered', () => {
  const reversed = slicesAt(HEAD_PLACES_MM.toReversed());
  expect(stackOf(reversed).slices.map((slice) => slice.imagePositionPatient[2])).toEqual(HEAD_PLACES_MM);
});

test('a tilt comes from positions; the tag is only compared', () => {
  const stack = stackOf(tilted(18.5));
  expect(stack.tiltDegrees).toBeCloseTo(18.5, 6);
  expect(stack.stepsMm[0]).toBeCloseTo(5, 9);
  expect(stack.normalStepsMm[0]).toBeCloseTo(5 * Math.cos((18.5 * Math.PI) / 180), 9);
  expect(codes(tilted(18.5, { gantryTiltDegrees: -18.5 }))).toEqual(['gantry-tilt']);
  expect(codes(tilted(18.5, { gantryTiltDegrees: 0 }))).toEqual(['gantry-tilt', 'tilt-tag-disagrees']);
});

test('slices turned as a block are not tilted: they are stacked along their normal', () => {
  const turn = (10 * Math.PI) / 180;
  const slices = HEAD_PLACES_MM.map((mm) =>
    sliceAt(mm, {
      columnDirection: [0, Math.cos(turn), -Math.sin(turn)],
      imagePositionPatient: [-115, -115 + mm * Math.sin(turn), mm * Math.cos(turn)],
    }),
  );
  expect(stackOf(slices).tiltDegrees).toBeCloseTo(0, 6);
});

test.each([
  ['one slice missing', [10], ['uneven-steps', 'slices-missing']],
  ['two slices missing in two places', [5, 20], ['uneven-steps', 'slices-missing', 'slices-missing']],
  ['three neighbours missing, 15 mm', [10, 11, 12], ['uneven-steps', 'slices-missing']],
  ['four neighbours missing, 20 mm', [10, 11, 12, 13], ['uneven-steps', 'slices-missing', 'gap-too-large']],
  [
    'every fourth slice missing',
    [3, 7, 11, 15, 19, 23],
    ['uneven-steps', ...Array.from({ length: 6 }, () => 'slices-missing'), 'gap-too-large'],
  ],
])('gaps: %s', (_, lost, expected) => {
  expect(codes(without(...lost))).toEqual(expected);
});

test('a missing slice is named with its millimetres, files and neighbours', () => {
  const check = checkGeometry(stackOf(without(10))).find((c) => c.code === 'slices-missing');
  expect(check?.text).toBe('slices 10 and 11 lie 10 mm apart, usual are 5 mm: about 1 slice missing');
  expect(check?.files).toEqual(['IM45', 'IM55']);
  expect(check?.slices).toEqual([9, 10]);
});

test('two thicknesses with their own steps are no gap', () => {
  const lower = slicesAt([0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40], { sliceThicknessMm: 4 });
  const upper = slicesAt([45.5, 52.5, 59.5, 66.5, 73.5, 80.5, 87.5, 94.5], { sliceThicknessMm: 7 });
  expect(codes([...lower, ...upper])).toEqual(['uneven-steps', 'mixed-thickness']);
});

test('a part scanned once more between the first slices leaves no gap', () => {
  const first = Array.from({ length: 28 }, (_, i) => 5 * i);
  const again = Array.from({ length: 10 }, (_, i) => 5 * (i + 10) + 1.7);
  const slices = slicesAt([...first, ...again], { sliceThicknessMm: 5 });
  expect(codes(slices)).toEqual(['uneven-steps', 'slices-overlap']);
});

test('a lost slice is named where its neighbours overlap, and no tissue is missing', () => {
  const positions = Array.from({ length: 40 }, (_, i) => 3 * i).filter((mm) => mm !== 60);
  const slices = slicesAt(positions, { sliceThicknessMm: 7 });
  expect(codes(slices)).toEqual(['uneven-steps', 'slices-overlap', 'slices-missing']);
});

test('even gaps by design, and overlaps', () => {
  const apart = slicesAt(Array.from({ length: 20 }, (_, i) => 7 * i));
  expect(codes(apart)).toEqual(['slices-apart']);
  const overlapping = slicesAt(HEAD_PLACES_MM, { sliceThicknessMm: 6 });
  expect(codes(overlapping)).toEqual(['slices-overlap']);
});

test.each([
  [
    'slice-shifted',
    slicesAt(HEAD_PLACES_MM).map((s, i) =>
      i === 7 ? { ...s, imagePositionPatient: [-95, -115, 35] as const } : s,
    ),
  ],
  [
    'unusual-orientation',
    slicesAt(HEAD_PLACES_MM, { rowDirection: [-1, 0, 0], columnDirection: [0, -1, 0] }),
  ],
  ['pixels-not-square', slicesAt(HEAD_PLACES_MM, { pixelSpacingMm: { row: 0.5, column: 0.4 } })],
  ['short-coverage', slicesAt(HEAD_PLACES_MM.slice(0, 12))],
  [
    'slices-thin',
    slicesAt(
      Array.from({ length: 150 }, (_, i) => i),
      { sliceThicknessMm: 1 },
    ),
  ],
] as const)('%s is named', (code, slices) => {
  expect(codes(slices)).toEqual([code]);
});

test('a stack that no gantry makes is refused', () => {
  const sheared = HEAD_PLACES_MM.map((mm) =>
    sliceAt(mm, { imagePositionPatient: [-115, -115 + 2 * mm, mm] }),
  );
  expect(codes(sheared)).toContain('stack-sheared');
});

test('thousands of slices without a thickness, as NIfTI has them, take no time to speak of', () => {
  const places = Array.from({ length: 4000 }, (_, i) => 0.5 * i);
  const many = slicesAt(places).map(({ sliceThicknessMm: _, ...slice }) => slice);
  expect(codes(many)).toEqual(['slices-thin']);
});

test('steps in words', () => {
  expect(stepsText([4.22, 4.22, 1.14, 7.38])).toBe('2 of the steps of 4.22 mm, 1 of 1.14 mm, 1 of 7.38 mm');
});
