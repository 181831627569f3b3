import { at } from '../../base/index.ts';
import type { AxisUse, VolumeAxes } from './nifti-axes.ts';
import type { NiftiHeader } from './nifti-header.ts';

/** What is done with the voxels, in the order of the volume. */
export interface VoxelVisitor {
  /** @param at the value's place in [slices, rows, columns] */
  value(value: number, at: number): void;
  /** Before a slice's first value. */
  beforeSlice?(): void;
  afterSlice?(slice: number): void;
}

/** Goes through the values of an unpacked file, scaled, slice after slice and row after row of the volume. */
export function visitVoxels(
  bytes: Uint8Array,
  header: NiftiHeader,
  axes: VolumeAxes,
  visitor: VoxelVisitor,
): void {
  const [slice, row, column] = [axes.slice, axes.row, axes.column].map((use) => strideOf(use, header)) as [
    Stride,
    Stride,
    Stride,
  ];
  const { element, littleEndian, slope, intercept, dataOffset } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataOffset, bytes.byteLength - dataOffset);
  let at = 0;
  for (let s = 0; s < axes.slice.size; s++) {
    visitor.beforeSlice?.();
    for (let r = 0; r < axes.row.size; r++) {
      let from = slice.start + s * slice.step + row.start + r * row.step + column.start;
      for (let c = 0; c < axes.column.size; c++, from += column.step)
        visitor.value(element.read(view, from * element.bytes, littleEndian) * slope + intercept, at++);
    }
    visitor.afterSlice?.(s);
  }
}

interface Stride {
  readonly start: number;
  readonly step: number;
}

/** Where the first value of an axis lies in the file, and how far the next: counted in values. */
function strideOf(use: AxisUse, header: NiftiHeader): Stride {
  const strides = [1, header.sizes[0], header.sizes[0] * header.sizes[1]];
  const stride = at(strides, use.axis);
  return use.turned ? { start: (use.size - 1) * stride, step: -stride } : { start: 0, step: stride };
}
