import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openDatabase, parentDatabase } from './queue-database.ts';
import { lockQueueFolder } from './queue-lock.ts';

test('a worker whose parent is gone says so', async () => {
  const parent = process as Required<Pick<NodeJS.Process, 'send'>>;
  const send = vi.spyOn(parent, 'send').mockImplementation((...given: unknown[]) => {
    const sent = given.at(-1) as (failed: Error) => void;
    sent(new Error('Channel closed'));
    return false;
  });
  const { db } = parentDatabase().options as { db: { executeSql(text: string): Promise<unknown> } };
  const asked = db.executeSql('select 1');
  send.mockRestore();
  await expect(asked).rejects.toMatchObject({ code: 'queue-unreachable' });
});

test('a question under way when the parent goes is answered so', async () => {
  const parent = process as Required<Pick<NodeJS.Process, 'send'>>;
  const send = vi.spyOn(parent, 'send').mockReturnValue(true);
  const database = parentDatabase();
  const { db } = database.options as { db: { executeSql(text: string): Promise<unknown> } };
  const asked = db.executeSql('select 1');
  send.mockRestore();
  for (const orphaned of process.listeners('disconnect').slice(-1)) orphaned();
  await expect(asked).rejects.toMatchObject({ code: 'queue-unreachable' });
  await database.close();
});

test('an embedded queue has one owner; the lock of one that is gone is taken over', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-queue-lock-'));
  const queue = path.join(folder, 'queue');
  const lock = `${queue}.lock`;
  await writeFile(lock, String(process.ppid));
  await expect(openDatabase(queue)).rejects.toMatchObject({
    code: 'queue-in-use',
    message: expect.stringContaining(`process ${process.ppid} works on the queue`),
  });
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(gone, 'exit');
  await writeFile(lock, String(gone.pid));
  const unlock = await lockQueueFolder(queue);
  expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
  await unlock();
  expect(existsSync(lock)).toBe(false);
  await rm(folder, { recursive: true });
});
