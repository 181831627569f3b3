import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { embeddedDialect } from './embedded.ts';

const thread = vi.hoisted(() => ({ asked: [] as string[], disposed: 0 }));
vi.mock('../../threads/index.ts', () => ({
  openThreads: () => ({
    ask: async (work: string) => {
      thread.asked.push(work);
      if (work === 'close') throw new Error('the disk is full');
    },
    [Symbol.asyncDispose]: async () => {
      thread.disposed++;
    },
  }),
}));

test('a database that cannot be closed well leaves no thread behind, and says why', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ichor-embedded-'));
  const driver = (await embeddedDialect(path.join(folder, 'database'))).createDriver();
  await driver.init();
  await expect(driver.destroy()).rejects.toThrow('the disk is full');
  expect(thread).toEqual({ asked: ['open', 'close'], disposed: 1 });
  await rm(folder, { recursive: true });
});
