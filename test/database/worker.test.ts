import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makePhantoms, ORDINARY_SCANNER } from '../../src/phantom/index.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { eventually, type Served, startServing } from '../support/served.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
let postgres: Postgres;
let url = '';
let root = '';
let served: Served;
const workers: Worker[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.urlOf('worker');
  root = await mkdtemp(path.join(tmpdir(), 'ichor-worker-'));
  await writeFile(path.join(root, 'ichor.yaml'), 'model: { here: false }\n');
  served = await startServing(
    path.join(root, 'data'),
    '--config',
    path.join(root, 'ichor.yaml'),
    '--database',
    url,
  );
});
afterAll(async () => {
  for (const { kill } of workers) kill('SIGKILL');
  served.child.kill('SIGKILL');
  await postgres.remove();
  await rm(root, { recursive: true });
});

interface Worker {
  kill(signal: NodeJS.Signals): Promise<unknown>;
}

async function startWorker(...pixels: string[]): Promise<Worker> {
  const args = [MAIN, 'worker', '--database', url, '--device', 'cpu', '--threads', '1', ...pixels];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await once(createInterface({ input: child.stdout }), 'line');
  const worker = {
    kill: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      const [code] = await gone;
      return code;
    },
  };
  workers.push(worker);
  return worker;
}

async function sendPhantom(seed: number): Promise<void> {
  const folder = path.join(root, String(seed));
  await makePhantoms(
    [{ folder, options: { seed, bleeds: [], mimics: [], scanner: ORDINARY_SCANNER } }],
    1,
    () => undefined,
  );
  const dicom = path.join(folder, 'dicom');
  for (const name of await readdir(dicom))
    await fetch(`${served.url}/api/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/dicom' },
      body: await readFile(path.join(dicom, name)),
    });
}

const jobsSchema = z.looseObject({
  waiting: z.number(),
  underWay: z.array(z.looseObject({ worker: z.string() })),
});
const jobs = async () => jobsSchema.parse(await (await fetch(`${served.url}/api/jobs`)).json());

test("a killed worker's study is taken over by another, which fetches its slices; it has one result", async () => {
  const first = await startWorker('--data', path.join(root, 'data'));
  await sendPhantom(1);
  await eventually(jobs, ({ underWay }) => underWay.length === 1, 120);
  await first.kill('SIGKILL');
  const second = await startWorker('--service', served.url);
  const [row] = await eventually(served.worklist, ([one]) => one?.state === 'done', 240);
  expect(row?.anyHemorrhage?.probability).toBeGreaterThanOrEqual(0);
  // The database may be behind the journal for a moment
  await eventually(jobs, ({ waiting, underWay }) => waiting + underWay.length === 0, 30);
  const study = row?.studyInstanceUid ?? '';
  expect(await readdir(path.join(root, 'data', 'results', study))).toHaveLength(1);
  expect(await second.kill('SIGTERM')).toBe(0);
});
