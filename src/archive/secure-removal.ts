import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../base/index.ts';
import { syncFolder } from './folders.ts';

const AT_ONCE = 1_048_576;

/**
 * Overwrites files with zeros, syncs, and takes their names away. A file system that copies on write, or a disk that spreads its
 * writes, may keep the old bytes all the same: there only an encrypted disk helps.
 */
export async function removeFiles(files: readonly string[]): Promise<void> {
  for (const file of files) await overwrite(file).catch(ifThere);
  for (const file of files) await rm(file, { force: true });
  for (const folder of new Set(files.map((file) => path.dirname(file))))
    await syncFolder(folder).catch(ifThere);
}

/** What a removal that was cut off has left, but for what came after it; nothing where all is gone. */
export async function removeFolder(folder: string, later: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(ifThere);
  if (names === undefined) return;
  const files = names.map((name) => path.join(folder, name));
  const left = files.filter((file) => !later.has(file));
  await removeFiles(left);
  if (left.length === files.length) await rm(folder, { recursive: true });
}

async function overwrite(file: string): Promise<void> {
  const { size } = await stat(file);
  await using handle = await open(file, 'r+');
  const zeros = new Uint8Array(Math.min(size, AT_ONCE));
  for (let place = 0; place < size; place += zeros.length)
    await handle.write(zeros, 0, Math.min(zeros.length, size - place), place);
  await handle.sync();
}

/** One that is gone already needs nothing. */
function ifThere(thrown: unknown): undefined {
  if (errnoOf(thrown) !== 'ENOENT') throw thrown;
}
