import { gzipSync } from 'node:zlib';
import { AXIAL_RAS, type NiftiFixture, niftiBytes } from './nifti-file.ts';

/** A small head as packed NIfTI. */
export const packedHead = (fixture: NiftiFixture = {}): Uint8Array =>
  gzipSync(niftiBytes(fixture), { level: 1 });

/** Voxel labels that lie as packedHead does: a value on one voxel of a slice of the file (counted from 0). */
export function packedLabels(
  values: Readonly<Record<number, number>>,
  fixture: NiftiFixture = {},
): Uint8Array {
  const valueAt = (i: number, j: number, k: number): number => (i === 40 && j === 50 ? (values[k] ?? 0) : 0);
  return gzipSync(niftiBytes({ transformation: AXIAL_RAS, ...fixture, valueAt }), { level: 1 });
}
