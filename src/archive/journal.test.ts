import { appendFile, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openJournal, sumOfLine } from './journal.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-journal-'));
  file = path.join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the journal of numbers; `seen` are those that it gave. */
async function openNumbers() {
  const seen: number[] = [];
  const onEntry = (entry: number) => seen.push(entry) > 0;
  const journal = await openJournal(file, { schema: z.number(), onEntry });
  return { journal, seen };
}

async function writeNumbers(...numbers: number[]) {
  const { journal } = await openNumbers();
  await Promise.all(numbers.map((number) => journal.append(number)));
  await journal.close();
}

test('entries come back in their order, over several openings', async () => {
  await writeNumbers(1, 2, 3);
  await writeNumbers(4);
  const { journal, seen } = await openNumbers();
  await journal.close();
  expect(seen).toEqual([1, 2, 3, 4]);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(5);
});

test('texts with line separators of Unicode, and longer than a block, stand in one line each', async () => {
  const texts = ['a\u2028b', 'c\u2029\u0085\vd\re', `${'é'.repeat(70_000)}\u2028`, ''];
  const open = async () => {
    const seen: string[] = [];
    const onEntry = (entry: string) => seen.push(entry) > 0;
    return { journal: await openJournal(file, { schema: z.string(), onEntry }), seen };
  };
  const { journal } = await open();
  for (const text of texts) await journal.append(text);
  await journal.close();
  const again = await open();
  await again.journal.close();
  expect(again.seen).toEqual(texts);
  expect(await sumOfLine(file, 4)).toBe(again.journal.position.sum);
});

test.each([
  ['half a line', '{"sum":"0123'],
  ['zeros of a power cut', '\0'.repeat(70_000)],
])('a last line that was cut is taken away: %s', async (_, rest) => {
  await writeNumbers(1, 2);
  const whole = await readFile(file, 'utf8');
  await appendFile(file, rest);
  await writeNumbers(3);
  const { journal, seen } = await openNumbers();
  await journal.close();
  expect(seen).toEqual([1, 2, 3]);
  expect((await readFile(file, 'utf8')).startsWith(whole)).toBe(true);
});

test.each([
  ['altered', (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('"entry":2', '"entry":7')), 2],
  ['left out', (lines: string[]) => lines.toSpliced(1, 1), 2],
  ['twice', (lines: string[]) => lines.toSpliced(3, 0, lines[2] ?? ''), 4],
  ['without its head', (lines: string[]) => lines.with(2, '3'), 3],
])('a line that was %s is named', async (_, alter, line) => {
  await writeNumbers(1, 2, 3, 4);
  await writeFile(file, alter((await readFile(file, 'utf8')).split('\n')).join('\n'));
  await expect(openNumbers()).rejects.toMatchObject({
    code: 'journal-broken',
    message: expect.stringContaining(`journal.jsonl, line ${line} `),
  });
});

test('a full disk refuses an entry, and the next one stands on a whole journal', async () => {
  await writeNumbers(1);
  const handle = await open(file);
  const writing = Object.getPrototypeOf(handle);
  await handle.close();
  const { journal } = await openNumbers();
  const full = vi.spyOn(writing, 'write');
  full.mockImplementationOnce(async function (this: { truncate(bytes: number): Promise<void> }) {
    await appendFile(file, '{"sum":"half a line that is longer than the next one');
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  await expect(journal.append(2)).rejects.toMatchObject({ code: 'disk-full' });
  full.mockRestore();
  await journal.append(3);
  await journal.close();
  const again = await openNumbers();
  await again.journal.close();
  expect(again.seen).toEqual([1, 3]);
});

test('after a failed sync nothing more is taken', async () => {
  const { journal } = await openNumbers();
  const handle = await open(file);
  const sync = vi.spyOn(Object.getPrototypeOf(handle), 'datasync');
  await handle.close();
  sync.mockRejectedValueOnce(Object.assign(new Error('input/output error'), { code: 'EIO' }));
  await expect(journal.append(1)).rejects.toMatchObject({ code: 'journal-lost' });
  sync.mockRestore();
  await expect(journal.append(2)).rejects.toMatchObject({ code: 'journal-lost' });
  await journal.close();
});

test('what could not be read back is not written; what a newer version wrote is named', async () => {
  const { journal } = await openNumbers();
  await expect(journal.append(JSON.parse('"text"'))).rejects.toThrow('expected number');
  await journal.close();
  expect(await readFile(file, 'utf8')).toBe('');
  const texts = await openJournal(file, { schema: z.string(), onEntry: () => true });
  await texts.append('of a newer version');
  await texts.close();
  await expect(openNumbers()).rejects.toThrow('line 1 holds what this version does not know');
});
