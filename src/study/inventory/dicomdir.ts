import { isDicomdir, pathOnDisc, type StudyFile } from '../../base/index.ts';
import { createCheck, type StudyCheck } from '../checks/checks.ts';
import type { Attributes } from '../headers/object-attributes.ts';

/** Whether an object is a disc's directory: it has no SOP Class UID, but the File-set modules (PS3.3 F.3.2.1). */
export function isDirectory(object: Attributes): boolean {
  return (
    object.number('FileSetConsistencyFlag') !== undefined ||
    object.items('DirectoryRecordSequence').length > 0
  );
}

/** All files as a disc's directory would name them. */
export type NamesOnDisc = () => ReadonlySet<string>;

/** Made when the first directory asks: most inputs have none, and a batch of discs has many. */
export function namesOnDisc(files: readonly StudyFile[]): NamesOnDisc {
  let names: ReadonlySet<string> | undefined;
  return () => {
    names ??= new Set(files.map((file) => pathOnDisc(file.path)));
    return names;
  };
}

/**
 * Files that a disc's directory names and that are not on the disc (PS3.3 F.3.2.2, Referenced File ID). A directory of
 * another name than DICOMDIR (PS3.10 8.6) is a scanner's own, of files that lay elsewhere.
 */
export function missingFromDisc(
  path: string,
  directory: Attributes,
  there: ReadonlySet<string>,
): StudyCheck[] {
  if (!isDicomdir(path)) return [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const named = directory
    .items('DirectoryRecordSequence')
    .map((record) => record.texts('ReferencedFileID').join('/'))
    .filter((file) => file !== '');
  const missing = named.filter((file) => !there.has(pathOnDisc(`${folder}${file}`)));
  if (missing.length === 0) return [];
  const shown = missing.slice(0, 3).join(', ');
  const text = `${path} names ${named.length} files, ${missing.length} of which are not there: ${shown}${missing.length > 3 ? ', ...' : ''}`;
  return [createCheck('dicomdir-file-missing', text, { files: missing.map((file) => `${folder}${file}`) })];
}
