import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PredictRun } from '../src/cli/index.ts';
import { predictBatch } from '../src/cli/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-batch-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a batch that is stopped leaves a summary of what was done', async () => {
  const stop = new AbortController();
  const inputs = ['one', 'two', 'three', 'four'].map((name) => path.join(folder, name));
  let told = 0;
  // Each of these, which are not there, stops the display twice: the third is under way
  const display = { listen: () => undefined, stop: () => (++told === 5 ? stop.abort() : undefined) };
  const run = { flags: { out: folder }, progress: display, signal: stop.signal } as unknown as PredictRun;
  await expect(predictBatch(run, inputs)).rejects.toMatchObject({ code: 'aborted' });
  const rows = (await readFile(path.join(folder, 'summary.csv'), 'utf8')).trim().split('\r\n').slice(1);
  expect(rows.map((row) => row.split(',')[0])).toEqual(inputs.slice(0, 2));
  expect(await readFile(path.join(folder, 'summary.html'), 'utf8')).toContain('ended before its last study');
});
