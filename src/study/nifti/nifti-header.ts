import { at, RefusedInput } from '../../base/index.ts';
import type { Vector3 } from '../../volume/index.ts';
import { type CheckCode, createCheck, mmText, type StudyCheck } from '../checks/checks.ts';
import { MATRIX_LIMITS, matrixProblem } from '../geometry/matrix.ts';
import { cross, dot, norm } from '../geometry/vectors.ts';
import { affineOf, type RawHeader } from './nifti-affine.ts';
import { isHalf, isSecondVersion, NIFTI_HEADER_BYTES } from './nifti-bytes.ts';

/** What is needed of a NIfTI header, in mm and in the patient's coordinate system of DICOM (LPS). */
export interface NiftiHeader {
  /** Along the file's axes: the first varies fastest. */
  readonly sizes: readonly [number, number, number];
  readonly element: NiftiElement;
  readonly littleEndian: boolean;
  readonly dataOffset: number;
  readonly slope: number;
  readonly intercept: number;
  /** One step along each axis of the file, mm, LPS. */
  readonly axes: readonly [Vector3, Vector3, Vector3];
  readonly origin: Vector3;
  readonly orientationKnown: boolean;
  readonly checks: readonly StudyCheck[];
}

export interface NiftiElement {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** The types of numbers that HU come in, by the code of the header's `datatype` (nifti1.h). */
const ELEMENTS: Readonly<Record<number, NiftiElement>> = {
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  4: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  8: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  16: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  64: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  256: { bytes: 1, read: (view, at) => view.getInt8(at) },
  512: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  768: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  1024: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  1280: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
};

/** Millimetres in a unit of length, by the low bits of `xyzt_units` (nifti1.h); 0 says none. */
const MM_IN_UNIT: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };
/** Spacings that a head CT in millimetres may have. */
const PLAUSIBLE_MM = { smallest: 0.15, largest: 12 } as const;

/** Parses the first bytes of an unpacked file. Throws RefusedInput with a code of CHECKS. */
export async function parseNiftiHeader(bytes: Uint8Array): Promise<NiftiHeader> {
  const head = new Uint8Array(NIFTI_HEADER_BYTES);
  head.set(bytes.subarray(0, head.length));
  const raw = await rawHeader(head);
  const sizes = sizesOf(raw);
  const element = ELEMENTS[raw.datatypeCode];
  if (element === undefined) {
    refuse(
      'nifti-data-type',
      `datatype ${raw.datatypeCode} (${raw.getDatatypeCodeString(raw.datatypeCode).trim()}) holds no HU`,
    );
  }
  const checks: StudyCheck[] = [];
  const geometry = geometryOf(raw, head, mmInUnit(raw, checks), checks);
  const [slope, intercept] = scaling(raw);
  const dataOffset = dataOffsetOf(raw, head);
  return {
    sizes,
    element,
    littleEndian: raw.littleEndian,
    dataOffset,
    slope,
    intercept,
    ...geometry,
    checks,
  };
}

/** Bytes of the whole file, unpacked. */
export function niftiFileBytes({ sizes, element, dataOffset }: NiftiHeader): number {
  return dataOffset + sizes[0] * sizes[1] * sizes[2] * element.bytes;
}

export const bytesOfSlice = ({ sizes, element }: NiftiHeader): number => sizes[0] * sizes[1] * element.bytes;

function refuse(code: CheckCode, text: string): never {
  throw new RefusedInput(code, text);
}

async function rawHeader(head: Uint8Array<ArrayBuffer>): Promise<RawHeader> {
  if (isHalf(head))
    refuse('nifti-corrupt', 'it is half of a .hdr/.img pair: convert the pair to one .nii file');
  // Extensions are not needed and must not be trusted: the flag that announces them is put out
  const isFirst = head[345] === 0x2b || head[345] === 0x69;
  head.fill(0, isFirst ? 348 : 540, isFirst ? 352 : 544);
  // Loaded by the first NIfTI file: most studies are DICOM
  const { readHeader } = await import('nifti-reader-js');
  let raw: RawHeader | null;
  try {
    raw = readHeader(head.buffer);
  } catch (thrown) {
    throw new RefusedInput('nifti-corrupt', 'its header cannot be read as NIfTI', { cause: thrown });
  }
  if (raw === null) refuse('nifti-corrupt', 'its header cannot be read as NIfTI');
  return raw;
}

function sizesOf(raw: RawHeader): readonly [number, number, number] {
  const [count = 0, i = 0, j = 0, k = 0, ...more] = raw.dims.map(Number);
  const further = more.slice(0, Math.max(0, count - 3));
  const shown = raw.dims.slice(1, Math.max(2, Math.min(8, count + 1))).join(' x ');
  if (count < 3 || count > 7 || further.some((size) => size > 1)) {
    refuse('nifti-dimensions', `it has ${count} dimensions (${shown}), one volume in three was expected`);
  }
  const whole = [i, j, k].every(
    (size) => Number.isInteger(size) && size >= 1 && size <= MATRIX_LIMITS.largest,
  );
  if (!whole || i * j * k > 0x7fffffff) refuse('nifti-dimensions', `its size ${shown} is absurd`);
  const tooLarge = matrixProblem(512, 512, Math.ceil((i * j * k) / (512 * 512)));
  if (tooLarge !== undefined) refuse('matrix-size', `its size ${shown} does not fit`);
  return [i, j, k];
}

function dataOffsetOf(raw: RawHeader, head: Uint8Array): number {
  const offset = Number(raw.vox_offset);
  const first = isSecondVersion(head) ? 540 : 348;
  if (!Number.isInteger(offset) || offset < first || offset > 2 ** 27) {
    refuse('nifti-corrupt', `its data begin at byte ${offset}, which cannot be`);
  }
  return offset;
}

/** A slope of 0 means that values are stored as they are (nifti1.h). */
function scaling(raw: RawHeader): readonly [slope: number, intercept: number] {
  const { scl_slope: slope, scl_inter: intercept } = raw;
  if (slope === 0 || !Number.isFinite(slope)) return [1, 0];
  return [slope, Number.isFinite(intercept) ? intercept : 0];
}

function mmInUnit(raw: RawHeader, checks: StudyCheck[]): number {
  const code = raw.xyzt_units & 7;
  const known = MM_IN_UNIT[code];
  if (known !== undefined) return known;
  const spacings = raw.pixDims.slice(1, 4).map(Math.abs);
  if (code !== 0)
    refuse('nifti-units', `unit of length ${code} is unknown, expected metre, millimetre or micron`);
  const plausible = spacings.every((mm) => mm >= PLAUSIBLE_MM.smallest && mm <= PLAUSIBLE_MM.largest);
  if (!plausible) {
    refuse(
      'nifti-units',
      `it gives no unit of length, and voxels of ${spacings.join(' x ')} do not fit millimetres`,
    );
  }
  checks.push(
    createCheck(
      'nifti-units-assumed',
      `it gives no unit of length; its voxels of ${spacings.map(mmText).join(' x ')} fit millimetres`,
    ),
  );
  return 1;
}

function geometryOf(raw: RawHeader, head: Uint8Array, mm: number, checks: StudyCheck[]) {
  const spacings = raw.pixDims.slice(1, 4).map((spacing) => Math.abs(spacing) * mm);
  if (!spacings.every((spacing) => spacing > 0.01 && spacing < 100)) {
    refuse('nifti-corrupt', `its voxels of ${spacings.join(' x ')} mm cannot be`);
  }
  const { affine, checks: found } = affineOf(raw, head);
  const axes = [lps(affine.axes[0], mm), lps(affine.axes[1], mm), lps(affine.axes[2], mm)] as const;
  const origin = lps(affine.origin, mm);
  const steps = axes.map(norm);
  const isNear = (mm: number, i: number) => Math.abs(mm / (spacings[i] ?? 0) - 1) <= 0.05;
  const fits = steps.every((step, i) => isNear(step, i) || isNear(alongNormal(axes, i), i));
  if (![...steps, ...origin].every(Number.isFinite) || !fits) {
    refuse(
      'nifti-corrupt',
      `its transformation (steps of ${steps.map(mmText).join(', ')}) contradicts its voxels of ${spacings.map(mmText).join(' x ')}`,
    );
  }
  checks.push(...found);
  return { axes, origin, orientationKnown: !found.some(({ code }) => code === 'orientation-unknown') };
}

/** Of a step that a tilted gantry shears: its part at a right angle to the other axes, which dcm2niix gives as the voxel. */
function alongNormal(axes: readonly [Vector3, Vector3, Vector3], axis: number): number {
  const normal = cross(at(axes, (axis + 1) % 3), at(axes, (axis + 2) % 3));
  return Math.abs(dot(at(axes, axis), normal)) / norm(normal);
}

/** RAS in the file's unit to LPS in mm. */
const lps = ([x, y, z]: Vector3, mm: number): Vector3 => [-x * mm, -y * mm, z * mm];
