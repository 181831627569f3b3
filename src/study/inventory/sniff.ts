import { isDicom } from '../../dicom/index.ts';
import { isNiftiHeader } from '../nifti/nifti-bytes.ts';

export type FileKind = 'dicom' | 'nifti' | 'gzip' | 'other';

/** So many bytes tell what a file is. */
export const SNIFF_BYTES = 4096;

/** Names that only images have; hidden files beside them (`._IM1.dcm` of a Mac's zip) are none. */
export function isNamedAsImage(path: string): boolean {
  return /(^|\/)[^/.][^/]*\.(dcm|dicom|ima|nii|nii\.gz)$/i.test(path);
}

/** What a file is by its first bytes; its name does not count, discs and PACS exports give none. */
export function kindOf(head: Uint8Array): FileKind {
  if (isDicom(head)) return 'dicom';
  if (isNiftiHeader(head)) return 'nifti';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return 'other';
}
