import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_RECIPE } from './recipe.ts';
import { claimFolder } from './recipe-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ichor-recipe-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('intermediate results belong to one recipe: the same goes on, another is refused by name', async () => {
  await claimFolder(folder, DEFAULT_RECIPE);
  await claimFolder(folder, { ...DEFAULT_RECIPE });
  await expect(claimFolder(folder, { ...DEFAULT_RECIPE, mostBleeds: 9 })).rejects.toMatchObject({
    code: 'work-of-another-recipe',
    message: expect.stringContaining('--work'),
  });
  await claimFolder(folder, DEFAULT_RECIPE);
});
