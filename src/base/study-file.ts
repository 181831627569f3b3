/** A file of a study, wherever it lies: on a disk, in a zip, dropped on a page. */
export interface StudyFile {
  /** Relative to what the user named, with forward slashes: `DICOM/IM0001`; for texts and for order, never opened. */
  readonly path: string;
  /** Bytes that a full read() gives. */
  readonly size: number;
  /**
   * The whole file, or its first bytes; in the memory given, where that is large enough and the file can use it. Rejects
   * with an IchorError that says why it cannot be read.
   */
  read(firstBytes?: number, memory?: Uint8Array): Promise<Uint8Array>;
}

/** A file whose bytes are at hand: received over a network, or made by a program. */
export const studyFileOf = (path: string, bytes: Uint8Array): StudyFile => ({
  path,
  size: bytes.length,
  read: (firstBytes = bytes.length) => Promise.resolve(bytes.subarray(0, firstBytes)),
});

/** A path as a disc's directory has it: in capitals, without the version that its file system adds (`im1;1`, ISO 9660 7.5). */
export function pathOnDisc(path: string): string {
  return path.toUpperCase().replace(/\.?(;\d+)?$/, '');
}

/** Whether a path is that of a disc's directory (PS3.10 8.6). */
export function isDicomdir(path: string): boolean {
  return /(^|\/)DICOMDIR$/.test(pathOnDisc(path));
}
