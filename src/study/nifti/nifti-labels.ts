import { at, messageOf, RefusedInput, type StudyFile } from '../../base/index.ts';
import type { Vector3, VolumeGeometry } from '../../volume/index.ts';
import { type AxisUse, axesOf, type VolumeAxes } from './nifti-axes.ts';
import { inflate, NIFTI_HEADER_BYTES } from './nifti-bytes.ts';
import { type NiftiHeader, niftiFileBytes, parseNiftiHeader } from './nifti-header.ts';
import { visitVoxels } from './nifti-voxels.ts';

/** Which way a NIfTI file's slices lie, from its header alone. */
export interface NiftiSlices {
  readonly slices: number;
  /** True where the file's first slice is the most superior: readStudies turns such a volume round. */
  readonly turned: boolean;
}

/** What voxels of a label file hold on each slice, inferior to superior. */
export interface NiftiLabels {
  /** The different values other than 0, a set a slice, in the order of the volume that readStudies gives. */
  readonly valuesOfSlices: readonly ReadonlySet<number>[];
}

/** Voxel labels in the order of the volume that readStudies gives. */
export interface NiftiMask {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** [slices, rows, columns]. */
  readonly values: Uint8Array;
  /** Where it lies in the patient, as VolumeGeometry tells it. */
  readonly geometry: Pick<VolumeGeometry, 'pixelSpacingMm' | 'rowDirection' | 'columnDirection'> & {
    /** Centre of the first value, mm. */
    readonly firstPosition: Vector3;
  };
}

/** Packed bytes that are sure to unpack to a header. */
const HEAD_BYTES = 4096;

/** Reads a header. Throws RefusedInput with a code of CHECKS, naming the file. */
export async function readNiftiSlices(file: StudyFile): Promise<NiftiSlices> {
  return await naming(file, async () => {
    const packed = await file.read(HEAD_BYTES);
    const { slice } = axesOf(await parseNiftiHeader(await headOf(packed)));
    return { slices: slice.size, turned: slice.turned };
  });
}

/** Reads a file of voxel labels that lies as its image does. Throws RefusedInput with a code of CHECKS. */
export async function readNiftiLabels(file: StudyFile): Promise<NiftiLabels> {
  return await naming(file, async () => {
    const { bytes, header } = await readWhole(file);
    return { valuesOfSlices: valuesAlong(bytes, header, axesOf(header).slice) };
  });
}

/**
 * The same file's voxels, whole numbers from 0 to 255. Throws RefusedInput with a code of CHECKS, and `mask-value` for
 * other numbers.
 */
export async function readNiftiMask(file: StudyFile): Promise<NiftiMask> {
  return await naming(file, async () => {
    const { bytes, header } = await readWhole(file);
    return maskOf(bytes, header);
  });
}

async function readWhole(file: StudyFile): Promise<{ bytes: Uint8Array; header: NiftiHeader }> {
  const packed = await file.read();
  const header = await parseNiftiHeader(await headOf(packed));
  const expected = niftiFileBytes(header);
  const bytes = isGzip(packed) ? await inflate(packed, expected) : packed;
  if (bytes.length >= expected) return { bytes, header };
  throw new RefusedInput('nifti-corrupt', `it holds ${bytes.length} bytes, ${expected} were expected`);
}

function maskOf(bytes: Uint8Array, header: NiftiHeader): NiftiMask {
  const axes = axesOf(header);
  const [slices, rows, columns] = [axes.slice.size, axes.row.size, axes.column.size];
  const values = new Uint8Array(slices * rows * columns);
  visitVoxels(bytes, header, axes, {
    value: (value, at) => {
      values[at] = labelOf(value);
    },
  });
  return { slices, rows, columns, values, geometry: placeOf(axes) };
}

function labelOf(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw new RefusedInput(
    'mask-value',
    `it has a voxel of ${value}; whole numbers from 0 to 255 were expected`,
  );
}

/** Along a row the column index grows, and the other way round. */
const placeOf = ({ row, column, origin }: VolumeAxes): NiftiMask['geometry'] => ({
  pixelSpacingMm: { row: row.spacingMm, column: column.spacingMm },
  rowDirection: column.direction,
  columnDirection: row.direction,
  firstPosition: origin,
});

async function naming<T>(file: StudyFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    throw new RefusedInput(thrown.code, `${file.path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const headOf = async (packed: Uint8Array): Promise<Uint8Array> =>
  isGzip(packed) ? await inflate(packed, NIFTI_HEADER_BYTES) : packed.subarray(0, NIFTI_HEADER_BYTES);

function valuesAlong(bytes: Uint8Array, header: NiftiHeader, slice: AxisUse): Set<number>[] {
  const { element, littleEndian, slope, intercept, sizes } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + header.dataOffset);
  const found = Array.from({ length: slice.size }, () => new Set<number>());
  const steps = [1, sizes[0], sizes[0] * sizes[1]] as const;
  const step = at(steps, slice.axis);
  const count = sizes[0] * sizes[1] * sizes[2];
  for (let at = 0; at < count; at++) {
    const stored = element.read(view, at * element.bytes, littleEndian);
    if (stored === 0 && intercept === 0) continue;
    const place = Math.floor(at / step) % slice.size;
    found[slice.turned ? slice.size - 1 - place : place]?.add(stored * slope + intercept);
  }
  for (const values of found) values.delete(0);
  return found;
}
