import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { publishedSchemas } from '../scripts/published-schemas.ts';

test.each(Object.entries(publishedSchemas()))('schemas/%s is what the code checks', async (name, text) => {
  const committed = await readFile(new URL(`../schemas/${name}`, import.meta.url), 'utf8');
  expect(committed, 'run npm run schemas').toBe(text);
});
