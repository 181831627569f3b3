import { isDicom } from '../dicom/index.ts';

export type FileKind = 'dicom' | 'nifti' | 'gzip' | 'other';

/** So many bytes tell what a file is. */
export const SNIFF_BYTES = 4096;

/** What a file is by its first bytes; its name does not count, discs and PACS exports give none. */
export function kindOf(head: Uint8Array): FileKind {
  if (isDicom(head)) return 'dicom';
  if (isNiftiHeader(head)) return 'nifti';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return 'other';
}

/** NIfTI-1 (`n+1` or `ni1` at 344) and NIfTI-2 (`n+2` or `ni2` at 4), nifti1.h and nifti2.h. */
export function isNiftiHeader(head: Uint8Array): boolean {
  return /^n[+i]1\0/.test(latin1(head, 344)) || /^n[+i]2\0/.test(latin1(head, 4));
}

function latin1(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
