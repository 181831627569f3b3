import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from './queue-database.ts';
import { lockQueueFolder } from './queue-lock.ts';

vi.mock('node:fs/promises', async (actual) => {
  const real = await actual<typeof import('node:fs/promises')>();
  return { ...real, link: vi.fn(real.link) };
});

let folder: string;
let queue: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-queue-lock-'));
  queue = path.join(folder, 'queue');
});
afterEach(async () => {
  vi.mocked(link).mockReset();
  await rm(folder, { recursive: true });
});

const lockOf = (owner: object): Promise<void> =>
  writeFile(`${queue}.lock`, JSON.stringify({ host: hostname(), started: 1, ...owner }));
/** One that was written so many seconds ago. */
async function lockFrom(secondsAgo: number, text: string): Promise<void> {
  await writeFile(`${queue}.lock`, text);
  const then = Date.now() / 1000 - secondsAgo;
  await utimes(`${queue}.lock`, then, then);
}
/** Nothing to tell on other systems than Linux. */
const boot = (): Promise<string | undefined> =>
  readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
const ownerNow = async (): Promise<unknown> => JSON.parse(await readFile(`${queue}.lock`, 'utf8'));

async function goneProcess(): Promise<number> {
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  return gone.pid as number;
}

test('one process owns a queue; whoever else asks is told of it', async () => {
  await lockOf({ process: process.ppid });
  await expect(openDatabase(queue)).rejects.toMatchObject({
    code: 'queue-in-use',
    message: expect.stringContaining(`process ${process.ppid} on ${hostname()} works on the queue`),
  });
  await rm(`${queue}.lock`);
  const unlock = await lockQueueFolder(queue);
  await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a process that is gone is taken over, also of an earlier one with this number', async () => {
  for (const number of [await goneProcess(), process.pid]) {
    await lockOf({ process: number });
    const unlock = await lockQueueFolder(queue);
    expect(await ownerNow()).toMatchObject({ process: process.pid, host: hostname() });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  }
});

test('of many that find the lock of one that is gone, one takes it over', async () => {
  await lockOf({ process: await goneProcess() });
  const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockQueueFolder(queue)));
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test.runIf(process.platform === 'linux')(
  'a lock from before the machine was started is taken over, though its number lives',
  async () => {
    await lockOf({ process: process.ppid, boot: 'an earlier one' });
    // What a power cut left of somebody who was just taking it over
    await writeFile(`${queue}.lock.taking-over.an earlier one`, '');
    const unlock = await lockQueueFolder(queue);
    expect(await ownerNow()).toMatchObject({ process: process.pid, boot: await boot() });
    await unlock();
    expect(await readdir(folder)).toEqual(['queue.lock.taking-over.an earlier one']);
  },
);

test('a living process of this boot, or of one that it does not name, keeps its lock', async () => {
  for (const owner of [{ boot: await boot() }, {}]) {
    await lockOf({ process: process.ppid, ...owner });
    await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
    expect(await ownerNow()).toMatchObject({ process: process.ppid });
  }
});

test('another machine keeps its lock, whatever its boot', async () => {
  for (const owner of [
    { process: await goneProcess() },
    { process: process.pid },
    { process: process.pid, boot: 'an earlier one' },
  ]) {
    await lockOf({ ...owner, host: 'elsewhere' });
    await expect(lockQueueFolder(queue)).rejects.toMatchObject({
      message: expect.stringContaining('on elsewhere works on the queue'),
    });
  }
});

test('a lock that a power cut left torn is taken over; one that is just being written is not', async () => {
  for (const text of ['', '\0\0\0\0', JSON.stringify({ process: 1 }).slice(0, -1)]) {
    await lockFrom(50, text);
    await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
    await lockFrom(70, text);
    const unlock = await lockQueueFolder(queue);
    expect(await ownerNow()).toMatchObject({ process: process.pid });
    await unlock();
    expect(await readdir(folder)).toEqual([]);
  }
});

test('a lock that is whole and not understood, as of a later version, is kept however old', async () => {
  await lockFrom(1e6, JSON.stringify({ owner: 'of a kind that is not known' }));
  await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
});

test('a file system without hard links has locks too', async () => {
  vi.mocked(link).mockRejectedValue(Object.assign(new Error('no links'), { code: 'EPERM' }));
  const unlock = await lockQueueFolder(queue);
  expect(await ownerNow()).toMatchObject({ process: process.pid });
  await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
  await unlock();
  expect(await readdir(folder)).toEqual([]);
});

test('who releases leaves the lock of another one', async () => {
  const unlock = await lockQueueFolder(queue);
  await lockOf({ process: process.ppid });
  await unlock();
  expect(await ownerNow()).toMatchObject({ process: process.ppid });
});
