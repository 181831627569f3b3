// npm run results -- NAME=DIR...: writes the tables of `ichor experiment paper --out DIR` into docs/results.md, between
// the marks of that name.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeBetweenMarks } from './marked-text.ts';

const TABLES = ['subject-level', 'slice-level', 'trainings'];
const page = new URL('../docs/results.md', import.meta.url);

for (const argument of process.argv.slice(2)) {
  const [name = '', folder = ''] = argument.split('=');
  await writeBetweenMarks(page, name, await tablesOf(folder));
}

async function tablesOf(folder: string): Promise<string> {
  const tables = await Promise.all(
    TABLES.map((table) => readFile(path.join(folder, 'tables', `${table}.md`), 'utf8')),
  );
  return tables.map((table) => table.trim()).join('\n\n');
}
