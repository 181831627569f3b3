import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { errnoOf, UsageError } from '../base/index.ts';

const ownerSchema = z.object({
  process: z.number().int().positive(),
  host: z.string(),
  started: z.number(),
  /** Another one after each start of the machine; locks of earlier versions, and other systems than Linux, have none. */
  boot: z.string().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** A lock that is no JSON is torn once it is so old, ms: an earlier version may be just writing a younger one. */
const TORN_MS = 60_000;
/** What file systems without hard links answer, as exFAT and some network shares. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A number is given again, after a restart or in another container: the time of its start tells one from the next. */
const self: Owner = {
  process: process.pid,
  host: hostname(),
  started: Math.round(performance.timeOrigin),
  boot: bootId(),
};
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

/** Undefined where the system does not tell. */
function bootId(): string | undefined {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** One process at a time looks whether the owner is gone, so that none takes the lock from who took it over just now. */
async function takeOver(folder: string, file: string): Promise<void> {
  // Named by the boot, so that a turn that a power cut left is in nobody's way
  const turn = [file, 'taking-over', ...(self.boot === undefined ? [] : [self.boot])].join('.');
  if (!(await createLock(turn))) throw inUse(folder, `${file} and ${turn}`);
  try {
    const text = await read(file);
    const owner = text === undefined ? undefined : ownerIn(text);
    const isLeft = owner === undefined ? text !== undefined && (await isTorn(file, text)) : isGone(owner);
    if (!isLeft) throw inUse(folder, file, owner);
    await rm(file);
    if (!(await createLock(file))) throw inUse(folder, file);
  } finally {
    await rm(turn, { force: true });
  }
}

/** False where there is one. It gets its name when it is whole and on the disk, so that nobody finds it half written. */
async function createLock(file: string): Promise<boolean> {
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeSynced(partial);
    await link(partial, file).catch((thrown: unknown) => {
      if (!NO_LINKS.has(errnoOf(thrown))) throw thrown;
      return writeSynced(file);
    });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  } finally {
    await rm(partial, { force: true });
  }
}

async function writeSynced(file: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(OWN);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined where it was released meanwhile, or cannot be read: that tells nothing of its owner. */
const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

/** Undefined where the text does not name one. */
function ownerIn(text: string): Owner | undefined {
  const found = ownerSchema.safeParse(jsonIn(text));
  return found.success ? found.data : undefined;
}

/** Empty or cut short: a power cut left it so, or a full disk. JSON that we do not know is a later version's. */
async function isTorn(file: string, text: string): Promise<boolean> {
  return jsonIn(text) === undefined && Date.now() - (await stat(file)).mtimeMs > TORN_MS;
}

/** Undefined where it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of another machine or container nothing is known. What ran before this machine was started is gone, whoever has its number. */
function isGone({ process: number, host, started, boot }: Owner): boolean {
  if (host !== self.host) return false;
  if (boot !== undefined && self.boot !== undefined && boot !== self.boot) return true;
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
