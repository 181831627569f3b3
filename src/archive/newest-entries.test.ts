import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { journalLength, openJournal } from './journal.ts';
import { newestEntries } from './newest-entries.ts';

const schema = z.object({ number: z.number(), text: z.string() });

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-newest-'));
  file = path.join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

/** Lines of letters of more than one byte, so that blocks end within them. */
async function write(texts: readonly string[]): Promise<void> {
  const journal = await openJournal(file, { schema, onEntry: () => true });
  await Promise.all(texts.map((text, number) => journal.append({ number, text })));
  expect(journal.length).toMatchObject({ lines: texts.length, bytes: (await stat(file)).size });
  await journal.close();
}

async function read(before?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { entry, line } of newestEntries(file, await journalLength(file), schema, before))
    found.push(`${line} ${entry.number} ${entry.text.length}`);
  return found;
}

test.each([
  ['nothing', []],
  ['one line', ['a']],
  ['short lines over several blocks', Array.from({ length: 3000 }, (_, i) => 'ä'.repeat(i % 90))],
  ['lines longer than a block', [1, 200_000, 2, 70_000, 65_536].map((length) => 'ö'.repeat(length))],
])('%s: from the end to the start, each with its number', async (_, texts) => {
  await write(texts);
  const expected = texts.map((text, i) => `${i + 1} ${i} ${text.length}`).toReversed();
  expect(await read()).toEqual(expected);
  expect(await read(3)).toEqual(expected.slice(-2));
});

test('a line that is being written does not count', async () => {
  await write(['a', 'b']);
  await appendFile(file, '{"sum":"00');
  expect(await read()).toEqual(['2 1 1', '1 0 1']);
});

test('a line that was altered, or that follows another, is told with its number', async () => {
  await write(['aa', 'bb', 'cc', 'dd']);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('bb', 'xx'));
  await expect(read()).rejects.toThrow('line 2 was altered');
  const lines = text.split('\n');
  await writeFile(file, [...lines.slice(0, 1), ...lines.slice(2)].join('\n'));
  await expect(read()).rejects.toThrow('line 2 was altered or does not follow the line before it');
});
