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
