import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { headFiles } from './support/dicom-series.ts';
import { createPlaces, writeAll } from './support/places.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const newPlace = createPlaces('train-stopped');
let place: string;
beforeAll(async () => {
  place = await newPlace();
});

/** Six heads of eight slices, blood on all slices of every second one by its labels. */
async function writeCohort(folder: string): Promise<void> {
  const rows = ['source,patient,study,path,slice,anyHemorrhage'];
  for (let k = 1; k <= 6; k++) {
    const files = headFiles({ slices: 8, stepMm: 15, studyUid: `1.2.826.0.1.${k}`, mark: k });
    for (const [slice, file] of files.entries()) {
      await writeAll(path.join(folder, `s${k}`), { [file.path]: await file.read() });
      rows.push(`own,p${k},s${k},s${k},${slice + 1},${k % 2}`);
    }
  }
  await writeAll(folder, { 'manifest.csv': `${rows.join('\n')}\n` });
}

const training = (...more: readonly string[]) =>
  spawn(process.execPath, [
    ...[main, 'train', '--cohort', path.join(place, 'cohort'), '--out', path.join(place, 'run')],
    ...['--task', 'two-type', '--epochs', '1', '--validation-parts', '3', '--threads', '2', ...more],
  ]);

async function ended(child: ReturnType<typeof training>): Promise<{ code: number; said: string }> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += `${chunk}`));
  child.stdout.resume();
  const [code] = await once(child, 'close');
  return { code, said };
}

const linesOfLog = async (): Promise<number> => {
  const file = path.join(place, 'run', 'log.jsonl');
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').length - 1 : 0;
};

test('SIGTERM ends a training with 143 and a checkpoint, from which it goes on to its end', async () => {
  await writeCohort(path.join(place, 'cohort'));
  const child = training('--checkpoint-seconds', '9999');
  const ending = ended(child);
  while ((await linesOfLog()) === 0 && child.exitCode === null) await sleep(50);
  child.kill('SIGTERM');
  const { code, said } = await ending;
  expect({ code, said }).toMatchObject({ code: 143 });
  expect(said.trim().split('\n').at(-1)).toMatch(/^ichor: stopped; .*--resume\) \[aborted\]$/);
  const run = await readdir(path.join(place, 'run'));
  expect(run).toContain('twoType.checkpoint');
  expect(run.filter((name) => name.endsWith('.partial'))).toEqual([]);
  expect(await readFile(path.join(place, 'run', 'progress.html'), 'utf8')).toMatch(/[Ss]topped/);
  const done = await linesOfLog();
  expect(await ended(training('--resume'))).toMatchObject({ code: 0 });
  expect(await linesOfLog()).toBeGreaterThan(done);
}, 600_000);
