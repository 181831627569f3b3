import type { Dirent, Stats } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { IchorError, UsageError } from '../base/index.ts';
import { explainSystemError, readWhole, writeFileWhole } from '../files/index.ts';
import { entrySchema } from './entries.ts';
import { dataSetSha256, digestOfFolder, sha256Of } from './files-digest.ts';
import { archiveFolders, objectPath, syncFolder } from './folders.ts';
import { journalLength, wholeLines } from './journal.ts';
import { newestEntries } from './newest-entries.ts';
import { type ReadArchive, readArchive } from './read-archive.ts';

export interface CopiedArchive {
  readonly studies: number;
  readonly objects: number;
  readonly results: number;
}

/** Made anew, empty at each start, or of one process: none of it belongs into a backup. */
const LEFT_OUT = /^(database|incoming|metadata|.*\.lock)$/;

/**
 * Copies an archive, also while a service works on it: the journal as it is now, and all files that it tells of. A backup that
 * is there already is brought up to date; what was removed meanwhile is removed there too. Throws UsageError
 * `backup-inside-data`, IchorError `backup-incomplete` and what the disk says.
 */
export async function backUp(data: string, out: string): Promise<CopiedArchive> {
  const [from, to] = [path.resolve(data), path.resolve(out)];
  if (`${to}${path.sep}`.startsWith(`${from}${path.sep}`))
    throw new UsageError('backup-inside-data', 'a backup cannot lie within the folder that it is of');
  try {
    await writeFileWhole(archiveFolders(to).journal, await copyBesideRetention(from, to));
    await syncFolder(to);
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', to);
  }
  return await counted(await readArchive(to));
}

/** How often all is copied where retention removes studies meanwhile. */
const MOST_COPIES = 5;

/**
 * All but the journal, which it gives: the one that tells of what was copied. Retention overwrites a study's objects with zeros
 * before it takes their names away; what was copied of them meanwhile is put right by copying once more.
 */
async function copyBesideRetention(from: string, to: string): Promise<Uint8Array> {
  const { journal } = archiveFolders(from);
  for (let copies = 0; copies < MOST_COPIES; copies++) {
    const { lines } = await journalLength(journal);
    // Files are on the disk before their line: what the journal tells of now is there now
    const bytes = await wholeLines(journal);
    await copyTree(from, to, (name) => LEFT_OUT.test(name) || name === 'journal.jsonl');
    if (!(await hasRemovedAfter(journal, lines))) return bytes;
  }
  const text = `retention removed studies each of the ${MOST_COPIES} times that the folder was copied; run the backup again when it has ended`;
  throw new IchorError('backup-incomplete', text);
}

async function hasRemovedAfter(journal: string, lines: number): Promise<boolean> {
  for await (const { entry, line } of newestEntries(journal, await journalLength(journal), entrySchema)) {
    if (line <= lines) return false;
    if (entry.event === 'removed') return true;
  }
  return false;
}

/**
 * Puts a backup into a folder that holds no archive, and holds each object and all files of each result to the checksums that the journal has of them.
 * Throws UsageError `restore-not-empty`, IchorError `backup-incomplete`, `backup-damaged`, `journal-broken`.
 */
export async function restore(backup: string, data: string): Promise<CopiedArchive> {
  const [from, to] = [path.resolve(backup), path.resolve(data)];
  const held = await readdir(to).catch(() => []);
  if (held.length > 0)
    throw new UsageError(
      'restore-not-empty',
      `${to} is not empty; restore into a new folder, then serve that one`,
    );
  const archive = await readArchive(from);
  const counts = await counted(archive);
  await holdToJournal(archive);
  try {
    await copyTree(from, to, (name) => LEFT_OUT.test(name));
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', to);
  }
  await holdToJournal(await readArchive(to));
  return counts;
}

/** In these, files of one name have one content: what is there already is known by its size, and by its age where it was removed and sent again. */
const UNCHANGING: ReadonlySet<string> = new Set(['objects', 'results']);

/** Everything at the top but what is left out; users and the like change in place, and are copied each time. */
async function copyTree(from: string, to: string, isLeftOut: (name: string) => boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await entriesOf(from)) {
    if (isLeftOut(entry.name)) continue;
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, UNCHANGING.has(entry.name));
    else await copyOne(source, target);
  }
  await syncFolder(to);
}

/** A folder as it is: what is gone there goes. */
async function copyFolder(from: string, to: string, isUnchanging: boolean): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const found = await entriesOf(from);
  for (const entry of found) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, isUnchanging);
    else if (!isUnchanging || !(await isKept(source, target))) await copyOne(source, target);
  }
  const names = new Set(found.map(({ name }) => name));
  for (const name of await readdir(to))
    if (!names.has(name)) await rm(path.join(to, name), { recursive: true });
  await syncFolder(to);
}

/** By name: the length of the audit trail (audit.head) before the trail, which may grow meanwhile and must not seem cut. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  const found = await readdir(folder, { withFileTypes: true });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const statOf = (file: string): Promise<Stats | undefined> => stat(file).catch(() => undefined);

/** A source that is newer than its copy was removed while it was copied, and sent again: the copy may hold zeros. */
async function isKept(source: string, target: string): Promise<boolean> {
  const [now, kept] = [await statOf(source), await statOf(target)];
  return now !== undefined && now.size === kept?.size && now.mtimeMs <= kept.mtimeMs;
}

async function copyOne(source: string, target: string): Promise<void> {
  const part = `${target}.part`;
  await copyFile(source, part).catch(async (thrown: unknown) => {
    // Removed by retention since the folder was read
    if ((await statOf(source)) !== undefined) throw thrown;
  });
  if ((await statOf(part)) === undefined) return;
  {
    await using handle = await open(part, 'r+');
    await handle.sync();
  }
  await rename(part, target);
}

/** What the journal tells of, each of which must be there. */
async function counted({ folders, index, paths }: ReadArchive): Promise<CopiedArchive> {
  const studies = [...index.studies()];
  const objects = studies.flatMap(({ study }) => paths(study));
  const results = studies.flatMap((held) =>
    held.results.map(({ folder }) => path.join(folders.root, folder)),
  );
  const refusals = studies.flatMap(({ ending }) =>
    ending?.hasFiles ? [path.join(folders.root, ending.folder)] : [],
  );
  for (const file of [...objects, ...results, ...refusals])
    if ((await statOf(file)) === undefined)
      throw new IchorError(
        'backup-incomplete',
        `${path.relative(folders.root, file)} is missing, of which the journal tells`,
      );
  return { studies: studies.length, objects: objects.length, results: results.length };
}

async function holdToJournal({ folders, index }: ReadArchive): Promise<void> {
  for (const { objects, results, ending } of index.studies()) {
    for (const object of objects.values()) {
      const file = objectPath(folders, object);
      if ((await dataSetSha256(file)) !== object.sha256) throw damaged(folders.root, file);
    }
    for (const { folder, sha256, filesSha256 } of results) {
      const file = path.join(folders.root, folder, 'prediction.json');
      if (sha256Of(await readWhole(file)) !== sha256) throw damaged(folders.root, file);
      await holdFolder(folders.root, folder, filesSha256);
    }
    if (ending?.hasFiles) await holdFolder(folders.root, ending.folder, ending.filesSha256);
  }
}

/** What earlier versions wrote has no checksum. */
async function holdFolder(root: string, folder: string, filesSha256: string | undefined): Promise<void> {
  const place = path.join(root, folder);
  if (filesSha256 !== undefined && (await digestOfFolder(place)) !== filesSha256) throw damaged(root, place);
}

const damaged = (root: string, file: string): IchorError =>
  new IchorError(
    'backup-damaged',
    `${path.relative(root, file)} is not what the journal says of it; take another backup`,
  );
