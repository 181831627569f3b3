import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPatientCodes } from './patient-codes.ts';

const disk = vi.hoisted(() => ({ hasLinks: true }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const link = async (from: string, to: string) => {
    if (!disk.hasLinks) throw Object.assign(new Error('no links'), { code: 'EPERM' });
    await real.link(from, to);
  };
  return { ...real, link };
});

let root = '';
let file = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ichor-codes-'));
  file = path.join(root, 'patient-codes.key');
});
afterEach(async () => {
  vi.restoreAllMocks();
  disk.hasLinks = true;
  await rm(root, { recursive: true });
});

/** Of a study without objects. */
const codeIn = async (folder: string): Promise<string> =>
  (await openPatientCodes(folder)).codeOf([], '1.2.3');

async function failAt(call: 'writeFile' | 'sync'): Promise<void> {
  await using probe = await open(root, 'r');
  vi.spyOn(Object.getPrototypeOf(probe), call).mockImplementation(async () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
}

test('the key is whole, for its owner alone, and gives the same codes again', async () => {
  const code = await codeIn(root);
  expect(code).toMatch(/^P[0-9a-f]{16}$/);
  expect(await readdir(root)).toEqual(['patient-codes.key']);
  const { size, mode, nlink } = await stat(file);
  expect([size, mode & 0o777, nlink]).toEqual([32, 0o600, 1]);
  expect(await codeIn(root)).toBe(code);
});

test.each([0, 31, 33])('a key of %i bytes is refused by name and left as it is', async (length) => {
  await writeFile(file, new Uint8Array(length));
  const refused = {
    code: 'patient-codes-broken',
    message: expect.stringContaining(`${file} has ${length} `),
  };
  await expect(openPatientCodes(root)).rejects.toMatchObject(refused);
  expect(await readFile(file)).toHaveLength(length);
});

test.each(['writeFile', 'sync'] as const)(
  'a disk that is full at %s leaves no key; the next call makes one',
  async (call) => {
    await failAt(call);
    await expect(openPatientCodes(root)).rejects.toMatchObject({ code: 'disk-full' });
    expect(await readdir(root)).toEqual([]);
    vi.restoreAllMocks();
    await openPatientCodes(root);
    expect(await readFile(file)).toHaveLength(32);
  },
);

test('of several that open at once all have the key that stays', async () => {
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeIn(root)));
  expect(new Set(codes)).toEqual(new Set([await codeIn(root)]));
  expect(await readdir(root)).toEqual(['patient-codes.key']);
});

test('a file system without links has a whole key too, for all later calls', async () => {
  disk.hasLinks = false;
  const code = await codeIn(root);
  expect(await readFile(file)).toHaveLength(32);
  expect(await readdir(root)).toEqual(['patient-codes.key']);
  disk.hasLinks = true;
  expect(await codeIn(root)).toBe(code);
});
