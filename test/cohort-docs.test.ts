import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COHORT_CHECKS, IMPORTERS } from '../src/cohort/index.ts';

const page = await readFile(new URL('../docs/cohorts.md', import.meta.url), 'utf8');

test('the page lists every check with its severity and meaning, and no other', () => {
  const rows = Object.entries(COHORT_CHECKS).map(
    ([code, [severity, meaning]]) => `| \`${code}\` | ${severity} | ${meaning} |`,
  );
  expect(page.slice(page.indexOf('## Every check')).match(/^\| `.*$/gm)).toEqual(rows);
});

test('the page lists every importer by name', () => {
  for (const { name } of IMPORTERS) expect(page).toContain(`| \`${name}\` |`);
});
