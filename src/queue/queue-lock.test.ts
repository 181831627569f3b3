import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './queue-database.ts';
import { lockQueueFolder } from './queue-lock.ts';

let folder: string;
let queue: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-queue-lock-'));
  queue = path.join(folder, 'queue');
});
afterEach(() => rm(folder, { recursive: true }));

const lockOf = (owner: object): Promise<void> =>
  writeFile(`${queue}.lock`, JSON.stringify({ host: hostname(), started: 1, ...owner }));
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

test('another machine, and a lock that is just being written, keep theirs', async () => {
  for (const owner of [
    { process: await goneProcess(), host: 'elsewhere' },
    { process: process.pid, host: 'elsewhere' },
  ]) {
    await lockOf(owner);
    await expect(lockQueueFolder(queue)).rejects.toMatchObject({
      message: expect.stringContaining('on elsewhere works on the queue'),
    });
  }
  await writeFile(`${queue}.lock`, '');
  await expect(lockQueueFolder(queue)).rejects.toMatchObject({ code: 'queue-in-use' });
});

test('who releases leaves the lock of another one', async () => {
  const unlock = await lockQueueFolder(queue);
  await lockOf({ process: process.ppid });
  await unlock();
  expect(await ownerNow()).toMatchObject({ process: process.ppid });
});
