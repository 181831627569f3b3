// npm run results -- NAME=DIR...: writes the tables of `ichor experiment paper --out DIR` into docs/results.md, between
// the marks of that name.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { experimentJobs, readJobResult } from '../src/experiment/index.ts';
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
  return [...tables.map((table) => table.trim()), await missingText(folder)].join('\n\n');
}

async function missingText(folder: string): Promise<string> {
  const jobs = experimentJobs(['twoType', 'fiveType']);
  const results = await Promise.all(jobs.map(({ id }) => readJobResult(path.join(folder, 'jobs', id))));
  const missing = jobs.filter((_, i) => results[i] === undefined).map(({ id }) => id);
  const told = missing.length === 0 ? '' : ` Not finished, and so in no table: ${missing.join(', ')}.`;
  return `${jobs.length - missing.length} of ${jobs.length} trainings finished.${told}`;
}
