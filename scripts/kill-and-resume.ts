// npm run test:kill: kills a training with SIGKILL at ten random moments and resumes it each time; its weights must
// be those of an uninterrupted one, bit for bit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../src/base/index.ts';

const KILLS = 10;
const EPOCHS = '2';
const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-kill-'));
const cohort = path.join(folder, 'cohort');
const random = createRandom(Date.now());

const start = (args: readonly string[]) =>
  spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

async function run(args: readonly string[]): Promise<void> {
  const [code] = await once(start(args), 'exit');
  if (code !== 0) throw new Error(`ichor ${args.join(' ')} ended with ${code}`);
}

const trainingArgs = (out: string, resume: boolean): string[] => [
  ...[
    'train',
    '--cohort',
    cohort,
    '--out',
    path.join(folder, out),
    '--prepared',
    path.join(folder, 'prepared'),
  ],
  ...['--task', 'two-type', '--epochs', EPOCHS, '--checkpoint-seconds', '1', '--threads', '2'],
  ...(resume ? ['--resume'] : []),
];

await run(['phantom', '--count', '11', '--seed', '77', '--out', cohort]);
const startedAt = Date.now();
await run(trainingArgs('whole', false));
const wholeMs = Date.now() - startedAt;
process.stdout.write(`uninterrupted: ${(wholeMs / 1000).toFixed(0)} s\n`);

for (let kill = 1; kill <= KILLS; kill++) {
  // Within what is left, so that each of the ten kills meets a training
  const left = 1 - (await linesOf('killed')) / (await linesOf('whole'));
  const afterMs = random.uniform(0.05, 0.35) * left * wholeMs;
  // A run killed before it wrote its settings is no run yet: it is started anew
  const child = start(trainingArgs('killed', existsSync(path.join(folder, 'killed', 'settings.json'))));
  const ended = once(child, 'exit');
  await Promise.race([sleep(afterMs), ended]);
  if (!child.kill('SIGKILL')) throw new Error(`the training ended by itself before kill ${kill}`);
  await ended;
  process.stdout.write(`kill ${kill} after ${(afterMs / 1000).toFixed(1)} s\n`);
}
await run(trainingArgs('killed', true));
const files = ['twoType.best.weights', 'twoType.checkpoint', 'log.jsonl'];
const same = await Promise.all(
  files.map(async (file) => (await bytesOf('whole', file)).equals(await bytesOf('killed', file))),
);
process.stdout.write(
  files.map((file, i) => `${file}: ${same[i] ? 'the same, bit for bit' : 'DIFFERENT'}\n`).join(''),
);
process.exitCode = same.every(Boolean) ? 0 : 1;
await rm(folder, { recursive: true });

/** Of the log: one a scan and an epoch. */
async function linesOf(name: string): Promise<number> {
  if (!existsSync(path.join(folder, name, 'log.jsonl'))) return 0;
  return `${await bytesOf(name, 'log.jsonl')}`.split('\n').length - 1;
}

function bytesOf(name: string, file: string): Promise<Buffer> {
  return readFile(path.join(folder, name, file));
}
