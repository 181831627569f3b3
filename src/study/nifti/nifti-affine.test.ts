import { expect, test } from 'vitest';
import { AXIAL_RAS, asNifti2, type NiftiFixture, niftiBytes } from '../../../test/support/nifti-file.ts';
import { parseNiftiHeader } from './nifti-header.ts';

const SMALL = { sizes: [2, 2, 2], valueAt: () => 0 };
const VERSIONS = [(bytes: Uint8Array) => bytes, asNifti2];
/** What each version of the same header says. */
const headers = (fixture: NiftiFixture) =>
  Promise.all(VERSIONS.map((version) => parseNiftiHeader(version(niftiBytes({ ...SMALL, ...fixture })))));
const codes = async (fixture: NiftiFixture) =>
  (await headers(fixture)).map(({ checks, orientationKnown }) => [
    orientationKnown,
    ...checks.map((c) => c.code),
  ]);
const SIDES = [
  [2, 0, 0],
  [0, 2, 0],
  [0, 0, 5],
];

/** Turned by 180 degrees about z, as scanners lay rows and columns, then tilted about x: b, c, d; a is 0. */
const tilted = (degrees: number) => {
  const half = (degrees * Math.PI) / 360;
  return [0, -Math.sin(half), Math.cos(half)];
};

test('a qform alone, tilted by any angle: a turn by 180 degrees is not lost to rounding', async () => {
  for (let degrees = 0; degrees < 30; degrees += 0.5) {
    const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
    for (const { axes, orientationKnown } of await headers({
      sformCode: 0,
      qform: { code: 1, quaternion: [...tilted(degrees), 7, 8, 9] },
    })) {
      expect(orientationKnown).toBe(true);
      const expected = [2, 0, 0, 0, 2 * cos, -2 * sin, 0, 5 * sin, 5 * cos];
      for (const [i, part] of axes.flat().entries()) expect(part).toBeCloseTo(expected[i] as number, 5);
    }
  }
});

test('a qform of a turn by less', async () => {
  const quaternion = [Math.SQRT1_2, 0, 0, 7, 8, 9];
  for (const { axes, origin } of await headers({ sformCode: 0, qform: { code: 1, quaternion } })) {
    const expected = [-2, 0, 0, 0, 0, 2, 0, 5, 0, -7, -8, 9];
    for (const [i, part] of [...axes, origin].flat().entries())
      expect(part).toBeCloseTo(expected[i] as number, 5);
  }
});

test.each([
  [3, 5],
  [0, 5],
  [-1, -5],
])('of pixdim[0] = %d only the sign counts', async (qfac, zMm) => {
  for (const { axes } of await headers({
    sformCode: 0,
    qform: { code: 1, quaternion: [0, 0, 1, 0, 0, 9], qfac },
  }))
    expect(axes[2][2]).toBeCloseTo(zMm, 6);
});

test('without a code no transformation counts, whatever stands in its place', async () => {
  for (const { axes, checks } of await headers({ sformCode: 0 })) {
    expect(axes.map((axis) => axis.map(Math.abs))).toEqual(SIDES);
    expect(checks.map((check) => check.code)).toEqual(['orientation-unknown']);
  }
});

test.each([
  ['the same', [0, 0, 0], 1, [true]],
  ['an axis turned round', [0, 0, 1], 1, [false, 'nifti-forms-differ', 'orientation-unknown']],
  ['the other hand', [0, 0, 0], -1, [false, 'nifti-forms-differ', 'orientation-unknown']],
  ['ten degrees apart', [Math.sin(Math.PI / 36), 0, 0], 1, [true, 'nifti-forms-differ']],
] as const)('sform and qform, %s: the sform counts', async (_, quaternion, qfac, expected) => {
  const fixture = { qform: { code: 2, quaternion: [...quaternion, -95, -95, -70], qfac } };
  expect(await codes(fixture)).toEqual([expected, expected]);
  for (const { origin } of await headers(fixture)) expect(origin).toEqual([95, 95, AXIAL_RAS[2][3]]);
});
