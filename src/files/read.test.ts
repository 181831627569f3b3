import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readIfThere, readText, readTextIfThere, readWhole } from './read.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'ichor-read-'));
});
afterAll(() => rm(place, { recursive: true }));

test('bytes, and texts with their mark', async () => {
  const file = path.join(place, 'a.txt');
  await writeFile(file, '\ufeffä');
  expect([...(await readWhole(file))]).toEqual([0xef, 0xbb, 0xbf, 0xc3, 0xa4]);
  expect(await readText(file)).toBe('\ufeffä');
  expect(await readTextIfThere(file)).toBe('\ufeffä');
});

test('what is not there is undefined where that is asked for, and one clear line where it is not', async () => {
  const file = path.join(place, 'none');
  expect([await readIfThere(file), await readTextIfThere(file)]).toEqual([undefined, undefined]);
  await expect(readWhole(file)).rejects.toMatchObject({
    code: 'path-missing',
    message: `cannot read ${file}: there is no such file or folder`,
  });
  await expect(readIfThere(place)).rejects.toMatchObject({ code: 'path-is-folder' });
});
