import { gzipSync } from 'fflate';
import { at } from '../base/index.ts';
import type { Phantom } from './phantom.ts';

/** Header and the four bytes that say that no extension follows (nifti1.h). */
const VALUES_AT = 352;
const UNSIGNED_BYTE = 2;
const MILLIMETRES = 2;
const SCANNER_FRAME = 1;

/**
 * The mask as a gzipped NIfTI-1 file in the frame of the DICOM files: 0 no blood, 1 intraparenchymal, 2
 * intraventricular, 3 subdural, 4 epidural, 5 subarachnoid.
 */
export function phantomMaskNifti({ volume, mask }: Phantom): Uint8Array {
  const { geometry, slices, rows, columns } = volume;
  const { row, column } = geometry.pixelSpacingMm;
  const [x, y, z] = at(geometry.imagePositionsPatient, 0);
  const bytes = new Uint8Array(VALUES_AT + mask.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  for (const [i, size] of [3, columns, rows, slices, 1, 1, 1, 1].entries())
    view.setInt16(40 + 2 * i, size, true);
  view.setInt16(70, UNSIGNED_BYTE, true);
  view.setInt16(72, 8, true);
  const steps = [1, column, row, geometry.sliceSpacingMm];
  for (const [i, mm] of steps.entries()) view.setFloat32(76 + 4 * i, mm, true);
  view.setFloat32(108, VALUES_AT, true);
  view.setFloat32(112, 1, true);
  bytes[123] = MILLIMETRES;
  view.setInt16(254, SCANNER_FRAME, true);
  // DICOM counts millimetres to the left and to the back, NIfTI to the right and to the front.
  const affine = [-column, 0, 0, -x, 0, -row, 0, -y, 0, 0, geometry.sliceSpacingMm, z];
  for (const [i, value] of affine.entries()) view.setFloat32(280 + 4 * i, value, true);
  bytes.set(new TextEncoder().encode('n+1\0'), 344);
  bytes.set(mask, VALUES_AT);
  return gzipSync(bytes, { level: 6, mtime: 0 });
}
