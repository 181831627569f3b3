import type { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { at } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';
import { createCheck, type StudyCheck } from '../checks/checks.ts';
import { angleBetween, dot, norm } from '../geometry/vectors.ts';
import { isSecondVersion } from './nifti-bytes.ts';

export type RawHeader = NIFTI1 | NIFTI2;

/** Where voxels lie, in the file's units, RAS. */
export interface NiftiAffine {
  /** One step along each axis of the file. */
  readonly axes: readonly [Vector3, Vector3, Vector3];
  readonly origin: Vector3;
}

/** Two transformations that turn the head further against each other than this, degrees, are named. */
const APART_DEGREES = 5;
/** Further than this, and they name another side. */
const OTHER_SIDE_DEGREES = 45;

/**
 * The sform where the file has one, else the qform, else voxel sizes alone, as nibabel does; not by the library, whose
 * quaternions lose half of the turns by 180 degrees and, in version 2, all.
 */
export function affineOf(raw: RawHeader, head: Uint8Array) {
  const sform = raw.sform_code > 0 ? sformOf(raw, head) : undefined;
  const qform = raw.qform_code > 0 ? qformOf(raw) : undefined;
  const checks = sform && qform ? disagreement(sform, qform) : [];
  const affine = sform ?? qform ?? voxelSizes(raw);
  if (isPlaceholder(affine)) checks.push(unknownSide(MISSING));
  return { affine, checks };
}

const MISSING =
  'its transformation is missing or a placeholder: rows were taken as from posterior to anterior, slices from inferior to superior';

function unknownSide(text: string): StudyCheck {
  return createCheck('orientation-unknown', `${text}, and which side is left is unknown`);
}

/** srow_x, srow_y and srow_z (nifti1.h, nifti2.h). */
function sformOf(raw: RawHeader, head: Uint8Array): NiftiAffine {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const at = (row: number, column: number) =>
    isSecondVersion(head)
      ? view.getFloat64(400 + 8 * (4 * row + column), raw.littleEndian)
      : view.getFloat32(280 + 4 * (4 * row + column), raw.littleEndian);
  const column = (index: number): Vector3 => [at(0, index), at(1, index), at(2, index)];
  return { axes: [column(0), column(1), column(2)], origin: column(3) };
}

/** The rotation of a quaternion of which three numbers are kept (nifti1.h, QUATERNION REPRESENTATION OF ROTATION MATRIX). */
function qformOf(raw: RawHeader): NiftiAffine {
  const kept: Vector3 = [raw.quatern_b, raw.quatern_c, raw.quatern_d];
  const rest = 1 - dot(kept, kept);
  // A turn by 180 degrees: of a number that is 0 but for rounding nothing may be left (nifti1_io.c)
  const isHalfTurn = rest < 1e-7;
  const a = isHalfTurn ? 0 : Math.sqrt(rest);
  const [b, c, d] = isHalfTurn ? (kept.map((part) => part / norm(kept)) as unknown as Vector3) : kept;
  const [dx, dy, dz] = sizesOf(raw);
  const dk = at(raw.pixDims, 0) < 0 ? -dz : dz;
  return {
    axes: [
      [dx * (a * a + b * b - c * c - d * d), dx * 2 * (b * c + a * d), dx * 2 * (b * d - a * c)],
      [dy * 2 * (b * c - a * d), dy * (a * a + c * c - b * b - d * d), dy * 2 * (c * d + a * b)],
      [dk * 2 * (b * d + a * c), dk * 2 * (c * d - a * b), dk * (a * a + d * d - b * b - c * c)],
    ],
    origin: [raw.qoffset_x, raw.qoffset_y, raw.qoffset_z],
  };
}

const sizesOf = (raw: RawHeader): Vector3 => raw.pixDims.slice(1, 4).map(Math.abs) as unknown as Vector3;

function voxelSizes(raw: RawHeader): NiftiAffine {
  const [dx, dy, dz] = sizesOf(raw);
  return {
    axes: [
      [dx, 0, 0],
      [0, dy, 0],
      [0, 0, dz],
    ],
    origin: [0, 0, 0],
  };
}

/** Voxel sizes on the diagonal with the origin at the first voxel: no scanner gives that. */
function isPlaceholder({ axes, origin }: NiftiAffine): boolean {
  return norm(origin) === 0 && axes.every((axis, i) => axis.every((part, j) => i === j || part === 0));
}

function disagreement(sform: NiftiAffine, qform: NiftiAffine): StudyCheck[] {
  const angles = sform.axes.map((axis, i) => angleBetween(axis, at(qform.axes, i)));
  const most = Math.max(...angles);
  if (!(most > APART_DEGREES)) return [];
  const text = `the axes of its sform and its qform lie up to ${Math.round(most)} degrees apart: the sform was taken`;
  const differ = createCheck('nifti-forms-differ', text);
  return most > OTHER_SIDE_DEGREES
    ? [differ, unknownSide('its sform and its qform contradict each other')]
    : [differ];
}
