import { findStudyFiles } from '../files/index.ts';
import { type AcceptedStudy, type ReadOptions, readStudy as readFiles } from '../study/index.ts';

/**
 * Reads the one study of a DICOM file, a folder, a zip, a disc with a DICOMDIR or a NIfTI file.
 * Throws RefusedInput with the reason, UsageError `several-studies` or for a missing path.
 */
export async function readStudy(path: string, options: ReadOptions = {}): Promise<AcceptedStudy> {
  return readFiles(await findStudyFiles(path), options);
}
