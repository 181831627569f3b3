import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../base/index.ts';
import { PARTIAL } from '../files/index.ts';
import type { ArchiveFolders } from './folders.ts';
import type { StudyIndex } from './study-index.ts';

/** Other programs (`ichor users`) write into the folder too, and a write takes moments. */
const AT_REST_MS = 10_000;

/** Takes away what a kill or a power cut left half-written in an archive that nobody else has open: nobody was told of any of it. */
export async function removeHalfWritten(
  folders: ArchiveFolders,
  index: Pick<StudyIndex, 'studies'>,
): Promise<void> {
  for (const name of await readdir(folders.incoming)) await rm(path.join(folders.incoming, name));
  for (const { study, state } of index.studies())
    if (state === 'predicting') await removeUnfinished(path.join(folders.results, study));
  const whole = new Set([folders.objects, folders.results, folders.incoming]);
  const inside = (await foldersIn(folders.root)).filter((folder) => !whole.has(folder));
  for (const folder of [folders.root, ...inside]) await removePartials(folder);
}

/** A result's files take their names when all of them are there: where one has not, the result was never told of. */
async function removeUnfinished(ofStudy: string): Promise<void> {
  for (const folder of await foldersIn(ofStudy)) {
    const names = await readdir(folder, { recursive: true });
    if (names.length === 0 || names.some((name) => name.endsWith(PARTIAL)))
      await rm(folder, { recursive: true });
  }
}

async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(PARTIAL)) continue;
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > AT_REST_MS) await rm(file, { force: true });
  }
}

/** None where the folder is not there. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown: unknown) => {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
    return [];
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
}
