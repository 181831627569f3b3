import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import {
  asNifti2,
  fileOf,
  headHuAt,
  type NiftiFixture,
  niftiBytes,
} from '../../../test/support/nifti-file.ts';
import { sliceHu } from '../../volume/index.ts';
import type { AcceptedStudy, StudyOutcome } from '../outcome/outcome.ts';
import { readNifti } from './nifti.ts';

const OPTIONS = { minimumSlices: 8 };
const readBytes = (bytes: Uint8Array, name = 'head.nii') => readNifti(fileOf(name, bytes), OPTIONS);
const read = (fixture: NiftiFixture) => readBytes(niftiBytes(fixture));
const codes = (outcome: StudyOutcome) => outcome.checks.map((check) => check.code);

async function accepted(fixture: NiftiFixture): Promise<AcceptedStudy> {
  const outcome = await read(fixture);
  if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome.checks));
  return outcome;
}

/** Every value, by its place in the patient, is what the head has there. */
function expectHead({ volume }: AcceptedStudy): void {
  const { rowDirection, columnDirection, pixelSpacingMm, imagePositionsPatient } = volume.geometry;
  for (const slice of [3, 14, 25]) {
    const hu = sliceHu(volume, slice);
    for (let row = 1; row < volume.rows; row += 7) {
      for (let column = 2; column < volume.columns; column += 5) {
        const at = [0, 1, 2].map(
          (part) =>
            (imagePositionsPatient[slice]?.[part] as number) +
            column * pixelSpacingMm.column * (rowDirection[part] as number) +
            row * pixelSpacingMm.row * (columnDirection[part] as number),
        ) as [number, number, number];
        expect(hu[row * volume.columns + column]).toBe(headHuAt(...at));
      }
    }
  }
}

/** RAS affine of an axis order: which patient axis, and in which sense, each file axis runs along. */
function affine(axes: readonly [patientAxis: number, stepMm: number, size: number][]): number[][] {
  const middle = [0, 0, 5];
  const rows = [0, 1, 2].map(() => [0, 0, 0, 0]);
  for (const [i, [patientAxis, stepMm, size]] of axes.entries()) {
    rows[patientAxis]![i] = stepMm;
    rows[patientAxis]![3] = middle[patientAxis]! - (stepMm * (size - 1)) / 2;
  }
  return rows;
}

test('an axial file: rows turned round so that anterior is on top, values where they are in the patient', async () => {
  const study = await accepted({});
  expect(study.volume).toMatchObject({ slices: 30, rows: 96, columns: 96 });
  expect(study.volume.geometry).toMatchObject({
    pixelSpacingMm: { row: 2, column: 2 },
    rowDirection: [1, 0, 0],

    sliceSpacingMm: 5,
    orientationKnown: true,
  });
  expect(codes(study)).toEqual(['nifti-reordered', 'head-by-content']);
  expectHead(study);
});

test.each([
  [
    'LPS as DICOM has it',
    [
      [0, -2, 96],
      [1, -2, 96],
      [2, 5, 30],
    ],
  ],
  [
    'slices from the top downwards',
    [
      [0, 2, 96],
      [1, 2, 96],
      [2, -5, 30],
    ],
  ],
  [
    'coronal planes',
    [
      [0, 2, 96],
      [2, 2, 96],
      [1, 2, 96],
    ],
  ],
  [
    'sagittal planes',
    [
      [1, -2, 96],
      [2, -2, 96],
      [0, 2, 96],
    ],
  ],
  [
    'axial planes turned by 90 degrees',
    [
      [1, 2, 96],
      [0, 2, 96],
      [2, 5, 30],
    ],
  ],
] as const)('%s', async (_, axes) => {
  const layout = axes.map(([a, b, c]) => [a, b, c] as [number, number, number]);
  const study = await accepted({ sizes: layout.map(([, , size]) => size), transformation: affine(layout) });
  expectHead(study);
});

test('gzip, floats, slope and intercept', async () => {
  const packed = await readBytes(gzipSync(niftiBytes()), 'head.nii.gz');
  expect([packed.kind, packed.study?.name]).toEqual(['accepted', 'head']);
  expectHead(await accepted({ datatype: 16 }));
  const scaled = niftiBytes({ slope: 2, intercept: -24 });
  const outcome = (await readBytes(scaled)) as AcceptedStudy;
  expect(Math.min(...sliceHu(outcome.volume, 3))).toBe(-2024);
});

test('gzip of several members, as bgzip writes it, with padding behind; not with other bytes', async () => {
  const whole = niftiBytes();
  const parts = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => gzipSync(whole.subarray(i * 65280, (i + 1) * 65280)));
  const packed = Buffer.concat([...parts, new Uint8Array(300)]);
  expectHead((await readBytes(packed)) as AcceptedStudy);
  for (const damaged of [packed.with(packed.length - 350, 99), Buffer.concat([packed, Uint8Array.of(7)])])
    expect(codes(await readBytes(damaged))).toEqual(['nifti-corrupt']);
});

test('a transformation that is none: the side is unknown, and said so', async () => {
  for (const fixture of [
    { sformCode: 0 },
    {
      transformation: [
        [2, 0, 0, 0],
        [0, 2, 0, 0],
        [0, 0, 5, 0],
      ],
    },
  ]) {
    const valueAt = (i: number, j: number, k: number) => headHuAt(95 - 2 * i, 95 - 2 * j, 5 * k - 70);
    const study = await accepted({ ...fixture, valueAt });
    expect(study.volume.geometry.orientationKnown).toBe(false);
    expect(codes(study)).toContain('orientation-unknown');
  }
});

test.each<[string, NiftiFixture, string]>([
  ['two dimensions', { dimensions: [2, 96, 96, 1, 1, 1, 1, 1] }, 'nifti-dimensions'],
  ['a time series', { dimensions: [4, 96, 96, 30, 5, 1, 1, 1] }, 'nifti-dimensions'],
  ['negative sizes', { dimensions: [3, -96, 96, 30, 1, 1, 1, 1] }, 'nifti-dimensions'],
  ['absurd sizes', { dimensions: [3, 32000, 32000, 30, 1, 1, 1, 1] }, 'nifti-dimensions'],
  ['fewer slices than the file holds', { dimensions: [3, 96, 96, 20, 1, 1, 1, 1] }, 'nifti-dimensions'],
  ['no number at all', { datatype: 16, valueAt: () => Number.NaN }, 'nifti-not-hu'],
  ['more slices than the file holds', { dimensions: [3, 96, 96, 300, 1, 1, 1, 1] }, 'nifti-corrupt'],
  ['colours', { datatype: 128 }, 'nifti-data-type'],
  ['a unit that is none', { units: 5 }, 'nifti-units'],
  ['no unit and implausible voxels', { units: 0, spacings: [0.002, 0.002, 0.005] }, 'nifti-units'],
  ['metres that are absurd', { units: 1, spacings: [2, 2, 5] }, 'nifti-corrupt'],
  ['voxels that contradict the transformation', { spacings: [1, 1, 5] }, 'nifti-corrupt'],
  ['too few slices', { sizes: [96, 96, 5] }, 'too-few-slices'],
  ['a mask', { valueAt: (i) => i % 2 }, 'nifti-not-hu'],
  ['an 8-bit window', { valueAt: (i) => i * 2 }, 'nifti-not-hu'],
  ['no head', { valueAt: (i) => (i > 20 && i < 60 ? 40 : -1000) }, 'not-a-head'],
  [
    'thick coronal slices',
    {
      sizes: [96, 30, 96],
      transformation: [
        [2, 0, 0, -95],
        [0, 6, 0, -90],
        [0, 0, 2, -95],
      ],
    },
    'not-axial',
  ],
])('%s: refused', async (_, fixture, code) => {
  const outcome = await read(fixture);
  expect(outcome.kind).toBe('refused');
  expect(codes(outcome)).toContain(code);
});

test('values that are no numbers are air, and counted; no unit but plausible voxels is a warning', async () => {
  const valueAt = (i: number, j: number, k: number) =>
    i === 0 && j === 0 ? Number.NaN : headHuAt(95 - 2 * i, 95 - 2 * j, 5 * k - 70);
  const study = await accepted({ datatype: 16, units: 0, valueAt });
  expect(study.checks.find((check) => check.code === 'nifti-nan')?.text).toBe(
    '30 of 276480 values are not numbers and were read as air',
  );
  expect(codes(study)).toContain('nifti-units-assumed');
});

test('a truncated file, truncated gzip and noise are refused by name', async () => {
  const whole = niftiBytes();
  for (const bytes of [
    whole.subarray(0, 5000),
    gzipSync(whole).subarray(0, gzipSync(whole).length / 2),
    whole.subarray(0, 340),
  ]) {
    const outcome = await readBytes(bytes);
    expect(codes(outcome)).toEqual(['nifti-corrupt']);
    expect(outcome.checks[0]?.text).toMatch(/^head\.nii: /);
  }
});

test('what asks for 400 times its packed bytes is refused before they are unpacked', async () => {
  const sizes = [512, 512, 100];
  const packed = gzipSync(niftiBytes({ sizes, valueAt: () => 0 }));
  const [check] = (await readBytes(packed)).checks;
  expect(check).toMatchObject({ code: 'nifti-corrupt', text: expect.stringMatching(/as a bomb's does$/) });
});

test('a gzip bomb costs no more memory than its header asks for', async () => {
  const bomb = new Uint8Array(300e6);
  bomb.set(niftiBytes({ sizes: [32, 32, 9] }));
  const packed = gzipSync(bomb);
  const before = process.memoryUsage();
  await readBytes(packed);
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(60e6);
});

test.each([12, 18, 25])(
  'a gantry tilted by %d degrees, the voxel along the normal: read with its tilt',
  async (degrees) => {
    const shear = 5 * Math.tan((degrees * Math.PI) / 180);
    const transformation = [
      [2, 0, 0, -95],
      [0, 2, shear, -95 - 14 * shear],
      [0, 0, 5, -70],
    ];
    const study = await accepted({ transformation, spacings: [2, 2, 5] });
    expect(study.volume.geometry.gantryTiltDegrees).toBeCloseTo(degrees, 3);
    expect(study.volume.geometry.sliceSpacingMm).toBeCloseTo(5, 6);
  },
);

test.each([
  ['NIfTI-1', 'head.hdr', niftiBytes().subarray(0, 348), 344, 'ni1'],
  ['NIfTI-1, packed', 'head.hdr.gz', niftiBytes().subarray(0, 348), 344, 'ni1'],
  ['NIfTI-1 that ends with four bytes more', 'head.hdr', niftiBytes().subarray(0, 352), 344, 'ni1'],
  ['NIfTI-2', 'head.hdr', asNifti2(niftiBytes()).subarray(0, 540), 4, 'ni2'],
])('half of a pair, %s, is named as that', async (_, name, header, at, magic) => {
  const bytes = Uint8Array.from(header);
  bytes.set(new TextEncoder().encode(magic), at);
  const outcome = await readBytes(name.endsWith('.gz') ? gzipSync(bytes) : bytes, name);
  expect(outcome.checks.map(({ text }) => text).join()).toMatch(/half of a \.hdr\/\.img pair: convert/);
});

test.each<[string, (hu: number) => number]>([
  ['all air around the head', (hu) => (hu === -1000 ? Number.NaN : hu)],
  ['infinite air', (hu) => (hu === -1000 ? Number.NEGATIVE_INFINITY : hu)],
])('%s without a number: the head is read as it is', async (_, stored) => {
  // With fat under the skin: without air and fat, nothing tells HU from shifted values
  const hu = (i: number, j: number, k: number) =>
    [headHuAt(95 - 2 * i, 95 - 2 * j, 5 * k - 70)].map((value) => (value === 10 ? -90 : value))[0] ?? 0;
  const plain = await accepted({ datatype: 16, valueAt: hu });
  const study = await accepted({ datatype: 16, valueAt: (i, j, k) => stored(hu(i, j, k)) });
  expect(study.checks.find(({ code }) => code === 'nifti-nan')?.severity).toBe('warned');
  expect(study.volume.hu).toEqual(plain.volume.hu.map((value) => (value === -1000 ? -1024 : value)));
});
