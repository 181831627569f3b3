import type { StudyFile } from '../../src/base/index.ts';

/** For tests: a head of concentric tissues as HU, anywhere in mm from its middle. */
export function headHuAt(leftMm: number, posteriorMm: number, superiorMm: number): number {
  const radius = Math.hypot(leftMm / 68, posteriorMm / 85, superiorMm / 85);
  if (radius > 1.08) return -1000;
  if (radius > 1.02) return 10;
  if (radius > 0.94) return 900;
  // A mark on the patient's left, in front and above: orientation can be read off it
  return leftMm > 20 && posteriorMm < -20 && superiorMm > 0 && leftMm < 30 && posteriorMm > -30 ? 70 : 33;
}

export interface NiftiFixture {
  /** Values along the file's axes. */
  readonly sizes?: readonly number[];
  /** Rows of the sform, RAS, mm. */
  readonly transformation?: readonly (readonly number[])[];
  readonly sformCode?: number;
  readonly qform?: { readonly code: number; readonly quaternion: readonly number[]; readonly qfac?: number };
  readonly units?: number;
  readonly datatype?: 4 | 16 | 128;
  readonly slope?: number;
  readonly intercept?: number;
  readonly spacings?: readonly number[];
  readonly dimensions?: readonly number[];
  readonly valueAt?: (i: number, j: number, k: number) => number;
  /** In place of valueAt: the values of each slice of 16 bits, as they are stored. */
  readonly slices?: readonly Int16Array[];
}

/** The usual axial RAS head: 2 x 2 x 5 mm, 96 x 96 x 30. */
export const AXIAL_RAS = [
  [2, 0, 0, -95],
  [0, 2, 0, -95],
  [0, 0, 5, -70],
] as const;

/** For tests: a NIfTI-1 file (nifti1.h), little endian, header of 352 bytes, then values. */
export function niftiBytes(fixture: NiftiFixture = {}): Uint8Array {
  const { sizes = [96, 96, 30], transformation = AXIAL_RAS, datatype = 4 } = fixture;
  const [ni = 0, nj = 0, nk = 0] = sizes;
  const width = datatype === 16 ? 4 : 2;
  const bytes = new Uint8Array(352 + ni * nj * nk * width);
  const view = new DataView(bytes.buffer);
  writeHeader(view, bytes, fixture, sizes, transformation, datatype, width);
  if (fixture.slices !== undefined) {
    const area = ni * nj;
    for (const [k, values] of fixture.slices.entries())
      new Int16Array(bytes.buffer, 352 + 2 * k * area, area).set(values);
    return bytes;
  }
  const valueAt = fixture.valueAt ?? headValueAt(transformation);
  let at = 352;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, at += width) {
        if (datatype === 16) view.setFloat32(at, valueAt(i, j, k), true);
        else view.setInt16(at, valueAt(i, j, k), true);
      }
    }
  }
  return bytes;
}

function writeHeader(
  view: DataView,
  bytes: Uint8Array,
  fixture: NiftiFixture,
  sizes: readonly number[],
  transformation: readonly (readonly number[])[],
  datatype: number,
  width: number,
): void {
  const steps = [0, 1, 2].map((axis) => Math.hypot(...transformation.map((row) => row[axis] ?? 0)));
  view.setInt32(0, 348, true);
  const dimensions = fixture.dimensions ?? [3, ...sizes, 1, 1, 1, 1];
  for (const [i, size] of dimensions.entries()) view.setInt16(40 + 2 * i, size, true);
  view.setInt16(70, datatype, true);
  view.setInt16(72, width * 8, true);
  const sizesMm = [fixture.qform?.qfac ?? 1, ...(fixture.spacings ?? steps)];
  for (const [i, mm] of sizesMm.entries()) view.setFloat32(76 + 4 * i, mm, true);
  view.setFloat32(108, 352, true);
  view.setFloat32(112, fixture.slope ?? 1, true);
  view.setFloat32(116, fixture.intercept ?? 0, true);
  bytes[123] = fixture.units ?? 2;
  view.setInt16(252, fixture.qform?.code ?? 0, true);
  for (const [i, part] of (fixture.qform?.quaternion ?? []).entries())
    view.setFloat32(256 + 4 * i, part, true);
  view.setInt16(254, fixture.sformCode ?? 1, true);
  for (const [i, value] of transformation.flat().entries()) view.setFloat32(280 + 4 * i, value, true);
  bytes.set(new TextEncoder().encode('n+1\0'), 344);
}

/** For tests: the same file as NIfTI-2 (nifti2.h), header of 544 bytes. */
export function asNifti2(first: Uint8Array): Uint8Array {
  const from = new DataView(first.buffer, first.byteOffset);
  const bytes = new Uint8Array(544 + first.length - 352);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 540, true);
  bytes.set([...new TextEncoder().encode('n+2\0\r\n'), 26, 10], 4);
  for (const at of [0, 2]) view.setInt16(12 + at, from.getInt16(70 + at, true), true);
  for (let i = 0; i < 8; i++) {
    view.setBigInt64(16 + 8 * i, BigInt(from.getInt16(40 + 2 * i, true)), true);
    view.setFloat64(104 + 8 * i, from.getFloat32(76 + 4 * i, true), true);
  }
  view.setBigInt64(168, 544n, true);
  for (const i of [0, 1]) {
    view.setFloat64(176 + 8 * i, from.getFloat32(112 + 4 * i, true), true);
    view.setInt32(344 + 4 * i, from.getInt16(252 + 2 * i, true), true);
  }
  // Quaternion, offset and sform follow one another in both versions
  for (let i = 0; i < 18; i++) view.setFloat64(352 + 8 * i, from.getFloat32(256 + 4 * i, true), true);
  view.setInt32(500, first[123] as number, true);
  bytes.set(first.subarray(352), 544);
  return bytes;
}

function headValueAt(transformation: readonly (readonly number[])[]) {
  const along = (row: readonly number[], i: number, j: number, k: number) =>
    (row[0] ?? 0) * i + (row[1] ?? 0) * j + (row[2] ?? 0) * k + (row[3] ?? 0);
  const [x = [], y = [], z = []] = transformation;
  // RAS to LPS: left is minus x, posterior minus y
  return (i: number, j: number, k: number) =>
    headHuAt(-along(x, i, j, k), -along(y, i, j, k), along(z, i, j, k));
}

/** For tests: bytes as a file. */
export function fileOf(path: string, bytes: Uint8Array): StudyFile {
  return { path, size: bytes.length, read: async (first = bytes.length) => bytes.subarray(0, first) };
}
