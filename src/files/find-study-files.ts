import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  FILE_LIMITS,
  IchorError,
  isDicomdir,
  isZip,
  RefusedInput,
  type StudyFile,
  throwIfAborted,
  UsageError,
} from '../base/index.ts';
import { diskFile, unreadableFile } from './disk-file.ts';

import { explainSystemError } from './system-errors.ts';

export interface FindOptions {
  readonly signal?: AbortSignal;
}

/**
 * Every file of what the user named: a file, a folder (searched whole, links followed, zips in it opened), a zip, a
 * disc or its DICOMDIR. In order of their paths; nothing is read yet but folders and zips' directories.
 * Throws UsageError `path-missing`, `no-permission`; RefusedInput as zipFiles does where the zip itself was named.
 * What cannot be read inside a folder is listed as a file whose read() gives the reason.
 */
export async function findStudyFiles(location: string, options: FindOptions = {}): Promise<StudyFile[]> {
  const found = await statOf(location, location);
  const name = path.basename(location);
  if (found.isDirectory()) return inOrder(await walk(location, options));
  if (!found.isFile()) {
    throw new UsageError('path-not-file', `${location} is neither a file nor a folder`);
  }
  if (isDicomdir(name)) return inOrder(await walk(path.dirname(location), options));
  if (await isZipFile(location, name)) return inOrder(await filesInZip(location, name, ''));
  return [diskFile(location, name, found.size)];
}

/** What opens zips is loaded by the first one. */
async function filesInZip(location: string, shown: string, prefix: string): Promise<StudyFile[]> {
  const { zipFiles } = await import('./zip.ts');
  return await zipFiles(location, shown, prefix);
}

async function statOf(location: string, shown: string) {
  try {
    return await stat(location);
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', shown);
  }
}

const isZipFile = async (location: string, shown: string): Promise<boolean> =>
  isZip(await diskFile(location, shown, 4).read());

function inOrder(files: readonly StudyFile[]): StudyFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

interface Folder {
  readonly location: string;
  readonly shown: string;
  readonly depth: number;
}

async function walk(root: string, options: FindOptions): Promise<StudyFile[]> {
  const found: StudyFile[] = [];
  const visited = new Set<string>();
  const waiting: Folder[] = [{ location: root, shown: '', depth: 0 }];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    throwIfAborted(options.signal);
    if (!(await isNew(folder, visited))) continue;
    for (const name of await namesIn(folder, found)) {
      const place = { location: path.join(folder.location, name), shown: `${folder.shown}${name}` };
      await take(place, folder.depth, waiting, found);
    }
  }
  return found;
}

/** A folder reached twice, through a link, is read once: links may go round in circles. */
async function isNew(folder: Folder, visited: Set<string>): Promise<boolean> {
  const real = await realpath(folder.location).catch(() => folder.location);
  if (visited.has(real)) return false;
  visited.add(real);
  return true;
}

async function namesIn(folder: Folder, found: StudyFile[]): Promise<string[]> {
  try {
    return await readdir(folder.location);
  } catch (thrown) {
    const shown = folder.shown === '' ? folder.location : folder.shown;
    const reason = explainSystemError(thrown, 'read', shown);
    if (folder.depth === 0) throw reason;
    found.push(unreadableFile(folder.shown, 0, reason));
    return [];
  }
}

/** Throws RefusedInput `folder-too-deep`. */
function refuseDepth(place: Place, depth: number): void {
  if (depth <= FILE_LIMITS.folderDepth) return;
  const text = `${place.shown} lies ${depth} folders deep, up to ${FILE_LIMITS.folderDepth} are searched`;
  throw new RefusedInput('folder-too-deep', text);
}

interface Place {
  readonly location: string;
  readonly shown: string;
}

/** A folder waits, a zip is listed, a file is taken; pipes and devices are no files of a study. */
async function take(place: Place, depth: number, waiting: Folder[], found: StudyFile[]): Promise<void> {
  try {
    const status = await statOf(place.location, place.shown);
    if (status.isDirectory()) {
      refuseDepth(place, depth + 1);
      waiting.push({ location: place.location, shown: `${place.shown}/`, depth: depth + 1 });
    } else if (status.isFile()) {
      await takeFile(place, status.size, found);
    }
  } catch (thrown) {
    if (!(thrown instanceof IchorError)) throw thrown;
    found.push(unreadableFile(place.shown, 0, thrown));
  }
}

async function takeFile(place: Place, size: number, found: StudyFile[]): Promise<void> {
  if (!(await isZipFile(place.location, place.shown))) {
    found.push(diskFile(place.location, place.shown, size));
    return;
  }
  try {
    for (const file of await filesInZip(place.location, place.shown, `${place.shown}/`)) found.push(file);
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    found.push(unreadableFile(place.shown, size, thrown));
  }
}
