import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, UsageError } from '../base/index.ts';
import { explainSystemError } from './system-errors.ts';

export type FileContent = string | Uint8Array;

/** How files end that are not in their place yet; a kill leaves them. */
export const PARTIAL = '.partial';

/**
 * Writes a file whole or not at all: beside its place first, then renamed onto it; its folder is made if need be.
 * Throws UsageError `no-permission`, `read-only`, `path-not-folder`, `path-is-folder`; IchorError `disk-full`.
 */
export async function writeFileWhole(file: string, content: FileContent): Promise<void> {
  await writeFilesWhole(path.dirname(file), { [path.basename(file)]: content });
}

interface Pending {
  readonly partial: string;
  readonly file: string;
  readonly content: FileContent;
}

/** So many files are written side by side: each waits for the disk. */
const AT_A_TIME = 8;

/**
 * Writes files that belong together into a folder: none is put in its place before all are on the disk.
 * Names may hold folders (`images/01.png`). Throws as writeFileWhole does, with nothing half-written and no
 * empty folder left.
 */
export async function writeFilesWhole(
  folder: string,
  contents: Readonly<Record<string, FileContent>>,
): Promise<void> {
  const pending: Pending[] = [];
  const made: string[] = [];
  try {
    for (const [name, content] of Object.entries(contents)) {
      const file = path.join(folder, name);
      const partial = `${file}.${randomUUID()}${PARTIAL}`;
      pending.push({ partial, file, content });
      made.unshift(...(await makeFolder(path.dirname(file), file)));
    }
    for (let i = 0; i < pending.length; i += AT_A_TIME)
      await allEnded(pending.slice(i, i + AT_A_TIME).map(writeSynced));
    await allEnded(pending.map(({ file }) => refuseFolder(file)));
    for (const { partial, file } of pending) await renameOnto(partial, file);
  } catch (thrown) {
    for (const { partial } of pending) await rm(partial, { force: true }).catch(() => undefined);
    // Only those in which nothing lies go
    for (const emptied of made) await rmdir(emptied).catch(() => undefined);
    throw thrown;
  }
}

/** The folders that had to be made, deepest first. */
async function makeFolder(folder: string, file: string): Promise<string[]> {
  try {
    return await makeFolders(path.resolve(folder));
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', file);
  }
}

/** Node's own `recursive` never ends where a folder can be made by nobody though its parent is there, as in /proc. */
async function makeFolders(folder: string): Promise<string[]> {
  try {
    return await makeOne(folder);
  } catch (thrown) {
    const above = path.dirname(folder);
    if (errnoOf(thrown) !== 'ENOENT' || above === folder) throw thrown;
    const made = await makeFolders(above);
    return [...(await makeOne(folder)), ...made];
  }
}

async function makeOne(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (thrown) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return [];
    throw thrown;
  }
}

/** Makes a folder and proves that it can be written to. Throws as writeFileWhole does, before any work is lost. */
export async function refuseUnwritable(folder: string): Promise<void> {
  const probe = path.join(folder, `.ichor-probe-${process.pid}`);
  try {
    await makeFolder(folder, folder);
    await writeSynced({ partial: probe, file: folder, content: '' });
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Throws the first fault when all have ended: none goes on behind what is cleared away. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected') throw one.reason;
}

/** Synced to the disk, so that a full disk shows here and not after the rename. */
async function writeSynced({ partial, file, content }: Pending): Promise<void> {
  try {
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', file);
  }
}

/** A folder in the place of one file would be met when others are in theirs. */
async function refuseFolder(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory())
    throw new UsageError('path-is-folder', `cannot write ${file}: it is a folder, a file was expected`);
}

async function renameOnto(partial: string, file: string): Promise<void> {
  try {
    await rename(partial, file);
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', file);
  }
}
