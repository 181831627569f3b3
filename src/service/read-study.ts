import type { StudyFile } from '../base/index.ts';
import { findStudyFiles } from '../files/index.ts';
import { type AcceptedStudy, type ReadOptions, readStudy as readFiles } from '../study/index.ts';

/**
 * Reads the one study of a DICOM file, a folder, a zip, a disc with a DICOMDIR or a NIfTI file, or of files that are
 * at hand as bytes.
 * Throws RefusedInput with the reason, UsageError `several-studies` or for a missing path, IchorError
 * `aborted`.
 */
export async function readStudy(
  source: string | readonly StudyFile[],
  options: ReadOptions = {},
): Promise<AcceptedStudy> {
  const files = typeof source === 'string' ? await findStudyFiles(source, options) : source;
  return readFiles(files, options);
}
