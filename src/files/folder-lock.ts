import path from 'node:path';
import { lock } from 'proper-lockfile';
import { errnoOf, IchorError } from '../base/index.ts';
import { explainSystemError } from './system-errors.ts';

const LOCK_NAME = '.ichor-lock';
/** The lock of a process that was killed counts for so long, ms; a living one touches its own more often. */
const STALE_MS = 15_000;
const LOST = 'ERELEASED';
/** Waiting for whoever has the lock: about two minutes in all. */
const PATIENCE = { retries: 250, factor: 1.2, minTimeout: 20, maxTimeout: 500 };

/**
 * Does some quick work on a folder while no other process of this machine or another does: they wait for each other.
 * Throws IchorError `folder-in-use`, and what the work throws.
 */
export async function withFolderLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const release = await take(folder);
  try {
    return await work();
  } finally {
    await release().catch((thrown: unknown) => {
      if (errnoOf(thrown) !== LOST) throw explainSystemError(thrown, 'write', folder);
    });
  }
}

async function take(folder: string): Promise<() => Promise<void>> {
  try {
    return await lock(folder, {
      lockfilePath: path.join(folder, LOCK_NAME),
      realpath: false,
      stale: STALE_MS,
      retries: PATIENCE,
      // A machine that slept loses it; what is written under it is written whole all the same
      onCompromised: () => undefined,
    });
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ELOCKED') throw explainSystemError(thrown, 'write', folder);
    const text = `${folder} is being written to by another process for two minutes: wait for its end, or delete ${LOCK_NAME} in it`;
    throw new IchorError('folder-in-use', text, { cause: thrown });
  }
}
