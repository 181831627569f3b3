import { isDicom } from '../../dicom/index.ts';
import { isNiftiHeader } from '../nifti/nifti-bytes.ts';

export type FileKind = 'dicom' | 'nifti' | 'gzip' | 'other';

/** Archives and packed files that are not opened, by their first bytes: where these lie, and what they are. */
const ARCHIVES: readonly (readonly [at: number, bytes: string, name: string])[] = [
  [0, '7z\xbc\xaf\x27\x1c', '7z archive'],
  [0, 'Rar!\x1a\x07', 'RAR archive'],
  [257, 'ustar', 'tar archive'],
  [0, 'PK\x03\x04', 'zip archive'],
  [0, '\x1f\x8b', 'file packed with gzip'],
  [0, 'BZh', 'file packed with bzip2'],
  [0, '\xfd7zXZ\x00', 'file packed with xz'],
  [0, '\x28\xb5\x2f\xfd', 'file packed with zstd'],
];

/** What an archive is called; undefined for what is none. */
export function archiveOf(head: Uint8Array): string | undefined {
  const isAt = (at: number, bytes: string) =>
    String.fromCharCode(...head.subarray(at, at + bytes.length)) === bytes;
  return ARCHIVES.find(([at, bytes]) => isAt(at, bytes))?.[2];
}

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
