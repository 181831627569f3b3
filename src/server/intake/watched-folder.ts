import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf, messageOf, RefusedInput } from '../../base/index.ts';
import { lookAgain } from '../look-again.ts';
import type { Intake } from './intake.ts';
import { keepFile } from './keep-file.ts';

export interface WatchedFolder {
  readonly folder: string;
  /** Takes a file away once it is kept; else it stays, and is read again after a restart. */
  readonly remove: boolean;
}

const LOOK_MS = 2000;

/** Takes DICOM files that others put into folders: each once it has not changed between two looks. */
export function watchFolders(
  intake: Intake,
  folders: readonly WatchedFolder[],
  log: (text: string) => void,
  lookMs = LOOK_MS,
): { close(): Promise<void> } {
  const watching = folders.map((watched) => watchOne(intake, watched, log, lookMs));
  return { close: async () => void (await Promise.all(watching.map(({ close }) => close()))) };
}

function watchOne(
  intake: Intake,
  watched: WatchedFolder,
  log: (text: string) => void,
  lookMs: number,
): { close(): Promise<void> } {
  const files = new FilesSeen();
  let isClosing = false;
  const look = async (): Promise<void> => {
    const quiet = await files.quietIn(watched.folder);
    if (quiet.length === 0) return;
    const visit = intake.visit('watched folder');
    let isWhole = false;
    try {
      for (const file of quiet) {
        if (isClosing) return;
        const kept = await keepFile(visit, createReadStream(file)).catch(ifRefused);
        files.taken(file);
        if (kept !== undefined && watched.remove) await rm(file, { force: true });
      }
      isWhole = true;
    } finally {
      visit.ended(isWhole);
    }
  };
  let complaint: string | undefined;
  const lookWell = async (): Promise<void> => {
    await look();
    complaint = undefined;
  };
  const looks = lookAgain(lookMs, lookWell, (thrown) => {
    // Not each two seconds: a folder that is away is told of once
    if (complaint !== codeOf(thrown)) log(`a watched folder cannot be read: ${messageOf(thrown)}`);
    complaint = codeOf(thrown);
  });
  return {
    close: async () => {
      isClosing = true;
      await looks.close();
    },
  };
}

/** What is no DICOM or damaged is counted by who keeps it, and left where it lies. */
function ifRefused(thrown: unknown): undefined {
  if (!(thrown instanceof RefusedInput)) throw thrown;
}

/** Files by what they were at the last look. */
class FilesSeen {
  #known = new Map<string, { readonly version: string; readonly isTaken: boolean }>();

  /** Those that have not changed since the last look, and were not taken as they are. */
  async quietIn(folder: string): Promise<string[]> {
    const now = new Map<string, { readonly version: string; readonly isTaken: boolean }>();
    const quiet: string[] = [];
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.startsWith('.')) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { size, mtimeMs } = await stat(file);
      const version = `${size} ${mtimeMs}`;
      const before = this.#known.get(file);
      const isSame = before?.version === version;
      now.set(file, { version, isTaken: isSame && before.isTaken });
      if (isSame && !before.isTaken) quiet.push(file);
    }
    this.#known = now;
    return quiet.toSorted();
  }

  taken(file: string): void {
    const known = this.#known.get(file);
    if (known !== undefined) this.#known.set(file, { ...known, isTaken: true });
  }
}
