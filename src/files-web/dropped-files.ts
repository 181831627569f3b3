import { FILE_LIMITS, RefusedInput, type StudyFile } from '../base/index.ts';
import { type NamedFile, studyFiles } from './chosen-files.ts';

/**
 * What was dropped: files, zips, folders searched whole. To be called while the drop event is handled: afterwards the
 * browser forgets what was dropped. Throws RefusedInput `folder-too-deep`, and what zipFiles refuses.
 */
export const droppedFiles = async (dropped: DataTransfer): Promise<StudyFile[]> =>
  studyFiles(await namedDrop(dropped));

/** The same before zips are opened: what may be sent to a worker, which makes `studyFiles` of it. */
export async function namedDrop({ items }: DataTransfer): Promise<NamedFile[]> {
  // What comes from no file system (an attachment of a mail, say) has no entry and is a file all the same
  const dropped = Array.from(items, (item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found: NamedFile[] = [];
  for (const one of dropped) {
    if (one instanceof File) found.push({ path: one.name, file: one });
    else if (one !== null) for await (const file of filesOf(one, 0)) found.push(file);
  }
  return found;
}

async function* filesOf(entry: FileSystemEntry, depth: number): AsyncGenerator<NamedFile> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    yield { path, file };
  } else if (isFolder(entry)) {
    refuseDepth(path, depth);
    for (const inside of await entriesIn(entry)) yield* filesOf(inside, depth + 1);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** Browsers hand out a folder in batches; an empty one is the end. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const nextBatch = () =>
    new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  const found: FileSystemEntry[] = [];
  for (let batch = await nextBatch(); batch.length > 0; batch = await nextBatch())
    for (const entry of batch) found.push(entry);
  return found;
}

function refuseDepth(path: string, depth: number): void {
  if (depth <= FILE_LIMITS.folderDepth) return;
  const text = `${path} lies ${depth} folders deep, up to ${FILE_LIMITS.folderDepth} are searched`;
  throw new RefusedInput('folder-too-deep', text);
}
