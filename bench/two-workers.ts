/**
 * Reported, not a claim: how much faster two workers of one PostgreSQL empty its queue than one does, on as many cores as
 * there are. One worker has all cores, then two have half of them each; a third run says what one has with half of them.
 * `node bench/two-workers.ts [--studies 12]`; needs Debian's postgresql.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Postgres, startPostgres } from '../test/support/postgres.ts';
import { eventually, startServing } from '../test/support/served.ts';
import { numberAfter, software } from './support/race.ts';
import { endedOf, phantomCopies, sendTo } from './support/service-load.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const studies = numberAfter('--studies', 12);
const cores = availableParallelism();
const half = Math.max(1, Math.floor(cores / 2));
const postgres = await startPostgres();
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
await writeFile(path.join(folder, 'ichor.yaml'), 'model: { here: false }\n');
console.log(software(cores));

async function startWorker(url: string, data: string, threads: number): Promise<() => Promise<void>> {
  const args = ['worker', '--database', url, '--data', data, '--device', 'cpu', '--threads', String(threads)];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await once(createInterface({ input: child.stdout }), 'line');
  return async () => {
    child.kill('SIGTERM');
    await gone;
  };
}

/** Seconds from the first result to the last one: opening the model is left out, and so is the first study. */
async function secondsOf(server: Postgres, name: string, workers: number, threads: number): Promise<number> {
  const url = await server.urlOf(name);
  const data = path.join(folder, name);
  const served = await startServing(data, '--config', path.join(folder, 'ichor.yaml'), '--database', url);
  for (const copy of phantomCopies(studies + workers)) await sendTo(served, copy);
  const ends = await Promise.all(Array.from({ length: workers }, () => startWorker(url, data, threads)));
  const ended = (count: number) =>
    eventually(
      () => endedOf(served),
      (now) => now >= count,
      3600,
    );
  await ended(workers);
  const started = performance.now();
  await ended(studies + workers);
  const seconds = (performance.now() - started) / 1000;
  for (const end of ends) await end();
  await served.end('SIGTERM');
  return seconds;
}

try {
  const one = await secondsOf(postgres, 'one', 1, cores);
  const two = await secondsOf(postgres, 'two', 2, half);
  const alone = await secondsOf(postgres, 'alone', 1, half);
  console.log(
    `${studies} studies, one worker with ${cores} threads ${one.toFixed(1)} s, two with ${half} each ${two.toFixed(1)} s`,
  );
  console.log(
    `  two are ${(one / two).toFixed(2)} times as fast as one that has all cores, ${(alone / two).toFixed(2)} times as one that has half of them`,
  );
} finally {
  await postgres.remove();
  await rm(folder, { recursive: true });
}
