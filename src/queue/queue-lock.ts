import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { errnoOf, UsageError } from '../base/index.ts';

const ownerSchema = z.object({ process: z.number().int().positive(), host: z.string(), started: z.number() });
type Owner = z.infer<typeof ownerSchema>;

/** A number is given again, after a restart or in another container: the time of its start tells one from the next. */
const self: Owner = { process: process.pid, host: hostname(), started: Math.round(performance.timeOrigin) };
const OWN = JSON.stringify(self);

/**
 * Makes this process the owner of an embedded queue: two that open one folder would damage it. The lock lies beside the
 * folder and names its owner; that of a process of this machine which is gone is taken over. Returns what releases it.
 * Throws UsageError `queue-in-use`.
 */
export async function lockQueueFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  await mkdir(path.dirname(folder), { recursive: true });
  if (!(await createLock(file))) await takeOver(folder, file);
  return async () => {
    if ((await read(file)) === OWN) await rm(file, { force: true });
  };
}

/** One process at a time looks whether the owner is gone, so that none takes the lock from who took it over just now. */
async function takeOver(folder: string, file: string): Promise<void> {
  const turn = `${file}.taking-over`;
  if (!(await createLock(turn))) throw inUse(folder, `${file} and ${turn}`);
  try {
    const owner = ownerIn(await read(file));
    if (owner === undefined || !isGone(owner)) throw inUse(folder, file, owner);
    await rm(file);
    if (!(await createLock(file))) throw inUse(folder, file);
  } finally {
    await rm(turn, { force: true });
  }
}

/** False where there is one. */
async function createLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, OWN, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** Undefined where the owner is just writing it, or releasing it. */
function ownerIn(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Of another machine or container nothing is known. */
function isGone({ process: number, host, started }: Owner): boolean {
  if (host !== self.host) return false;
  if (number === self.process) return started !== self.started;
  try {
    return !process.kill(number, 0);
  } catch (thrown) {
    return errnoOf(thrown) === 'ESRCH';
  }
}

function inUse(folder: string, files: string, owner?: Owner): UsageError {
  const by = owner ? `process ${owner.process} on ${owner.host}` : 'another process';
  return new UsageError(
    'queue-in-use',
    `${by} works on the queue in ${folder}, which one at a time may own; wait for its end, or where no such command runs delete ${files}`,
  );
}
