import { existsSync } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase, readArchive, syncFolder } from '../../archive/index.ts';
import { codeOf, IchorError, messageOf, sizeText, UsageError } from '../../base/index.ts';
import { explainSystemError, refuseUnwritable } from '../../files/index.ts';
import { lockQueueFolder } from '../../queue/index.ts';
import { readAudit, verifyAudit } from '../audit/audit-file.ts';
import type { Said } from './finding.ts';

const LEAST_BYTES = 2e9;
const FEW_BYTES = 20e9;
const SLOW_SYNC_MS = 250;

/** There, ours to write to, and nobody else's to read; or there to be made. */
export async function dataFolder(folder: string): Promise<Said> {
  await refuseUnwritable(nearest(folder));
  if (!existsSync(folder)) return { text: `${folder} is not there yet; the first start makes it` };
  const { mode } = await stat(folder);
  if ((mode & 0o007) !== 0)
    return {
      code: 'data-readable',
      text: `every account of this machine can look into ${folder}: chmod 700 ${folder}`,
    };
  return { text: `${folder} can be written to, and others cannot look into it` };
}

/** The folder itself, or what it would be made in. */
const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(path.dirname(folder)));

/** Whether a service runs on the data folder: it then has its lock. */
export async function isServed(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  try {
    const unlock = await lockQueueFolder(path.join(folder, 'archive'));
    await unlock();
    return false;
  } catch (thrown) {
    if (thrown instanceof UsageError) return true;
    throw thrown;
  }
}

/** Room, and a sync that comes back; a study takes 20 to 300 MB with its results. */
export async function disk(data: string): Promise<Said> {
  const folder = nearest(data);
  const { bavail, bsize } = await statfs(folder).catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'read', folder);
  });
  const free = bavail * bsize;
  if (free < LEAST_BYTES) throw new IchorError('disk-full', `only ${sizeText(free)} are free for ${folder}`);
  const syncMs = await syncTime(folder);
  const text = `${sizeText(free)} free, a sync takes ${Math.round(syncMs)} ms`;
  if (free < FEW_BYTES) return { code: 'disk-nearly-full', text };
  return syncMs > SLOW_SYNC_MS
    ? { code: 'disk-slow', text: `${text}: each object waits for one; look at the disk` }
    : { text };
}

async function syncTime(folder: string): Promise<number> {
  const probe = path.join(folder, `.doctor-${process.pid}`);
  const startedAt = performance.now();
  try {
    await using file = await open(probe, 'wx');
    await file.write('x');
    await file.sync();
    await syncFolder(folder);
    return performance.now() - startedAt;
  } catch (thrown) {
    throw explainSystemError(thrown, 'sync', probe);
  } finally {
    await rm(probe, { force: true });
  }
}

/** Every line of the journal follows the one before, and every object that was acknowledged lies there. */
export async function journal(folder: string): Promise<Said> {
  if (!existsSync(path.join(folder, 'journal.jsonl')))
    return { text: 'there is none yet; the first start makes it' };
  const { index, paths } = await readArchive(folder);
  const studies = [...index.studies()];
  const missing = studies.flatMap(({ study }) => paths(study).filter((file) => !existsSync(file)));
  if (missing.length > 0)
    throw new IchorError(
      'objects-missing',
      `${missing.length} objects that were acknowledged are not in objects/; restore the folder from a backup`,
    );
  return { text: `whole, ${studies.length} studies` };
}

export async function auditTrail(folder: string): Promise<Said> {
  try {
    const { lines } = await verifyAudit(folder);
    return { text: `whole, ${lines} lines` };
  } catch (thrown) {
    if (codeOf(thrown) === 'audit-missing') return { text: 'there is none yet; the first start makes it' };
    throw thrown;
  }
}

/** A server answers, lets us in, and has our tables; the embedded one is made anew at a start where it has to be. */
export async function database(url: string | undefined): Promise<Said> {
  if (url === undefined) return { text: 'embedded' };
  const opened = await openDatabase(url).catch((cause: unknown) => {
    throw new IchorError('database-unreachable', `PostgreSQL does not let us in: ${messageOf(cause)}`, {
      cause,
    });
  });
  await opened.destroy();
  return { text: 'PostgreSQL answers' };
}

/** A little that two clocks may differ. */
const SLACK_MS = 60_000;

/** The clock has not gone back since the last line of the trail. */
export async function clock(folder: string, now = Date.now()): Promise<Said> {
  const [last] = await readAudit(folder, { most: 1 });
  const text = new Date(now).toISOString();
  if (last !== undefined && Date.parse(last.at) > now + SLACK_MS)
    throw new IchorError(
      'clock-behind',
      `the clock says ${text}, and the audit trail goes to ${last.at}; set the clock, by NTP best`,
    );
  return { text };
}
