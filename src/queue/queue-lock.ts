import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../base/index.ts';

/**
 * Makes this process the owner of an embedded queue: two that open one folder would damage it. The lock lies beside the
 * folder and holds the owner's process number; that of a process which is gone is taken over. Returns what releases it.
 * Throws UsageError `queue-in-use`.
 */
export async function lockQueueFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  await mkdir(path.dirname(folder), { recursive: true });
  if (!(await createLock(file))) {
    const owner = Number(await readFile(file, 'utf8'));
    // The number of this very process is that of one in an earlier container
    if (owner !== process.pid && isRunning(owner)) throw inUse(folder, file, owner);
    await rm(file, { force: true });
    if (!(await createLock(file))) throw inUse(folder, file);
  }
  return () => rm(file, { force: true });
}

/** False where there is one. */
async function createLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

/** A number that cannot be read (0) stands for an owner that is just writing it. */
function isRunning(owner: number): boolean {
  try {
    return process.kill(owner, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function inUse(folder: string, file: string, owner?: number): UsageError {
  const by = owner ? `process ${owner}` : 'another process';
  return new UsageError(
    'queue-in-use',
    `${by} works on the queue in ${folder}, which one at a time may own; wait for its end, or where no such command runs delete ${file}`,
  );
}
