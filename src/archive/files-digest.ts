import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../base/index.ts';
import { readFileMeta } from '../dicom/index.ts';
import { type FileContent, readWhole } from '../files/index.ts';

/**
 * One sha256 for all files of a folder, that of what sha256sum lists of them, in the order of their names. In the folder,
 * `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum` gives the same.
 */
export function digestOfFiles(contents: Readonly<Record<string, FileContent>>): string {
  return digestOfSums(Object.entries(contents).map(([name, content]) => [name, sha256Of(content)]));
}

/** The same of the files as they lie there. Throws what reading throws. */
export async function digestOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sums: [name: string, sha256: string][] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    sums.push([path.relative(folder, file), sha256Of(await readWhole(file))]);
  }
  return digestOfSums(sums);
}

/** Of an object's data set, as the journal has it; undefined where it cannot be read as what it is. */
export async function dataSetSha256(file: string): Promise<string | undefined> {
  const bytes = await readWhole(file);
  try {
    return sha256Of(bytes.subarray(readFileMeta(bytes, { where: 'an object' }).dataSetStart));
  } catch (thrown) {
    if (codeOf(thrown).startsWith('dicom') || codeOf(thrown) === 'not-dicom') return undefined;
    throw thrown;
  }
}

export const sha256Of = (content: FileContent): string => createHash('sha256').update(content).digest('hex');

function digestOfSums(sums: readonly (readonly [name: string, sha256: string])[]): string {
  const sorted = sums.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256Of(sorted.map(([name, sha256]) => `${sha256}  ${name}\n`).join(''));
}
