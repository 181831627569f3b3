import { IchorError, isZip, RefusedInput, refuseTooLarge, type StudyFile } from '../base/index.ts';
import { zipFiles } from './zip.ts';

/** A file with the path under which it is shown. */
export interface NamedFile {
  readonly path: string;
  readonly file: File;
}

/** The files of a dialogue, of a folder's dialogue too; zips are opened. In order of their paths. */
export const chosenFiles = (files: Iterable<File>): Promise<StudyFile[]> => studyFiles(namedChoice(files));

/** The same before zips are opened: what may be sent to a worker, which makes `studyFiles` of it. */
export const namedChoice = (files: Iterable<File>): NamedFile[] =>
  Array.from(files, (file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Throws what zipFiles refuses where a zip is all that was given; among others it is a file that cannot be read. */
export async function studyFiles(named: readonly NamedFile[]): Promise<StudyFile[]> {
  const found: StudyFile[] = [];
  for (const one of named) for (const file of await opened(one, named.length === 1)) found.push(file);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

async function opened(named: NamedFile, isAlone: boolean): Promise<readonly StudyFile[]> {
  const { path, file } = named;
  try {
    if (!isZip(await readFile(named, 4))) return [studyFile(named)];
    return await zipFiles(file, path, isAlone ? '' : `${path}/`);
  } catch (thrown) {
    if (!(thrown instanceof IchorError) || (isAlone && thrown instanceof RefusedInput)) throw thrown;
    return [Object.freeze({ path, size: file.size, read: () => Promise.reject(thrown) })];
  }
}

const studyFile = (named: NamedFile): StudyFile =>
  Object.freeze({
    path: named.path,
    size: named.file.size,
    read: (firstBytes?: number) => readFile(named, firstBytes),
  });

async function readFile({ path, file }: NamedFile, firstBytes = file.size): Promise<Uint8Array> {
  refuseTooLarge(path, Math.min(firstBytes, file.size));
  try {
    return new Uint8Array(await file.slice(0, firstBytes).arrayBuffer());
  } catch (cause) {
    // The browser tells the page no more than that (permission, or changed since it was chosen)
    throw new IchorError('file-unreadable', `${path} could not be read; choose it again`, { cause });
  }
}
