import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { jsonLines } from './json-lines.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-lines-'));
});
afterAll(() => rm(place, { recursive: true }));

const form = {
  schema: z.object({ study: z.string() }),
  code: 'log-corrupt',
  advice: 'delete that line and go on',
};
const open = (name: string) => jsonLines(path.join(place, name), form);
const bytesOf = (name: string) => readFile(path.join(place, name), 'utf8');

test('no file is no line, and the first line makes it', async () => {
  const lines = open('new/log.jsonl');
  expect(await lines.read()).toEqual([]);
  await lines.append({ study: 'ä' });
  await lines.append({ study: 'b' });
  expect(await lines.read()).toEqual([{ study: 'ä' }, { study: 'b' }]);
  expect(await bytesOf('new/log.jsonl')).toBe('{"study":"ä"}\n{"study":"b"}\n');
});

test.each([0, 1, 5, 12, 13])(
  'a last line cut after %d bytes is left out, and the next one does not run into it',
  async (bytes) => {
    const name = `cut-${bytes}.jsonl`;
    const cut = Buffer.from('{"study":"ä"}\n').subarray(0, bytes);
    await writeFile(path.join(place, name), Buffer.concat([Buffer.from('{"study":"a"}\n'), cut]));
    expect(await open(name).read()).toEqual([{ study: 'a' }]);
    await open(name).append({ study: 'b' });
    expect(await bytesOf(name)).toBe('{"study":"a"}\n{"study":"b"}\n');
  },
);

test('a damaged line in the middle is named with what to do', async () => {
  await writeFile(path.join(place, 'bad.jsonl'), '{"study":"a"}\n\n{"study":1}\n{"study":"b"}\n');
  await expect(open('bad.jsonl').read()).rejects.toMatchObject({
    code: 'log-corrupt',
    message: 'bad.jsonl, line 3 is damaged: delete that line and go on',
  });
});

test('rewriting puts other lines in the place of all', async () => {
  const lines = open('anew.jsonl');
  await lines.append({ study: 'a' });
  await appendFile(path.join(place, 'anew.jsonl'), '{"st');
  await lines.rewrite([{ study: 'b' }]);
  await lines.append({ study: 'c' });
  expect(await lines.read()).toEqual([{ study: 'b' }, { study: 'c' }]);
});

test('a folder in the place of the file is one clear line', async () => {
  await expect(jsonLines(place, form).read()).rejects.toThrow('it is a folder, a file was expected');
  await expect(jsonLines(place, form).append({ study: 'a' })).rejects.toThrow('it is a folder');
});
