import { open, rm } from 'node:fs/promises';
import { errnoOf, messageOf, RefusedInput } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { lookAgain } from '../look-again.ts';
import { FilesSeen, type QuietFile } from './files-seen.ts';
import type { Intake, ObjectVisit } from './intake.ts';
import { keepFile } from './keep-file.ts';
import { createObstacles, type Obstacles } from './obstacles.ts';

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
  const obstacles = createObstacles(watched.folder, log);
  const files = new FilesSeen(obstacles);
  const place = { isToGo: watched.remove, files, obstacles };
  let isClosing = false;
  const look = async (): Promise<void> => {
    const quiet = await files.quietIn(watched.folder);
    if (quiet.length === 0) return;
    const visit = intake.visit('watched folder');
    let isWhole = false;
    try {
      for (const found of quiet) {
        if (isClosing) return;
        if (await take(visit, found, place)) files.taken(found);
      }
      isWhole = true;
    } finally {
      visit.ended(isWhole);
    }
  };
  let complaint: string | undefined;
  const lookWell = async (): Promise<void> => {
    await look();
    obstacles.lookEnded();
    complaint = undefined;
  };
  const looks = lookAgain(lookMs, lookWell, (thrown) => {
    // Not each two seconds: a folder that is away is told of once
    const text = messageOf(explainSystemError(thrown, 'read', watched.folder));
    if (complaint !== text) log(`a watched folder is waited for: ${text}`);
    complaint = text;
  });
  return {
    close: async () => {
      isClosing = true;
      await looks.close();
    },
  };
}

interface Place {
  readonly isToGo: boolean;
  readonly files: FilesSeen;
  readonly obstacles: Obstacles;
}

/**
 * Whether nothing more is to be done with a file as it is: it is kept, or refused and left where it lies. One that cannot be read,
 * or has changed since it was found, keeps no other waiting, and is tried again. Throws where nothing can be kept.
 */
async function take(
  visit: ObjectVisit,
  found: QuietFile,
  { isToGo, files, obstacles }: Place,
): Promise<boolean> {
  const { file } = found;
  // It has waited for those before it, and a copy that had stalled may go on
  if (!(await files.isStill(found))) return false;
  try {
    await keepFile(withoutUnreadable(visit), contentOf(file));
  } catch (thrown) {
    if (thrown instanceof UnreadableFile) obstacles.met(file, 'files that cannot be read', thrown.cause);
    else if (!(thrown instanceof RefusedInput)) throw thrown;
    // What is no DICOM or damaged is counted by who keeps it
    return thrown instanceof RefusedInput;
  }
  // Nobody has read what was put under its name meanwhile
  if (!(await files.isStill(found))) return false;
  if (isToGo)
    await rm(file, { force: true }).catch((thrown: unknown) =>
      obstacles.met(file, 'files that were kept and cannot be taken away', thrown),
    );
  return true;
}

/** The file, or the disk that it lies on, does not give its bytes. */
class UnreadableFile extends Error {}

async function* contentOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    yield* handle.createReadStream();
  } catch (cause) {
    throw new UnreadableFile(errnoOf(cause), { cause });
  }
}

/** What cannot be read was no object that somebody sent. */
const withoutUnreadable = (visit: ObjectVisit): Pick<ObjectVisit, 'receive' | 'notKept'> => ({
  receive: (announced) => visit.receive(announced),
  notKept: (reason) => {
    if (!(reason instanceof UnreadableFile)) visit.notKept(reason);
  },
});
