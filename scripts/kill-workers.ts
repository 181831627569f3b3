// npm run test:queue: a hundred generated studies through the queue with two workers, one of them killed at random five
// times. Every job has to have one result, and the same as without any kill.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/base/index.ts';
import { createProgressDisplay } from '../src/cli/index.ts';
import { cohortPhantoms, makePhantoms, readPhantomCohort } from '../src/phantom/index.ts';
import { openDatabase, openQueue } from '../src/queue/index.ts';

const { values } = parseArgs({
  options: {
    studies: { type: 'string', default: '100' },
    kills: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    work: { type: 'string', default: 'runs/queue' },
  },
});
const [studies, kills] = [Number(values.studies), Number(values.kills)];
const random = createRandom(Number(values.seed));
const settingsFile = fileURLToPath(new URL('../models/phantom-training-cohort.json', import.meta.url));
const settings = readPhantomCohort(await readFile(settingsFile, 'utf8'), settingsFile);
const phantoms = cohortPhantoms({ ...settings, subjects: studies, firstSeed: 55_000_001 });
const folderOf = (seed: number) => path.join(values.work, 'studies', String(seed));
const progress = createProgressDisplay();
await makePhantoms(
  phantoms.map((options) => ({ folder: folderOf(options.seed), options })),
  2,
  progress.listen,
);

await rm(path.join(values.work, 'queue'), { recursive: true, force: true });
await mkdir(values.work, { recursive: true });
const database = await openDatabase(path.join(values.work, 'queue'));
const queue = await openQueue<{ folder: string }, { folder: string; probability: number; worker: number }>(
  database,
  { kind: 'predict-study', silentSeconds: 10, tries: 20 },
);
await queue.add(
  phantoms.map(({ seed }) => ({
    id: `study-${seed}`,
    payload: { folder: path.join(folderOf(seed), 'dicom') },
  })),
);

const taken: string[] = [];
const workers = new Set<ChildProcess>();
function startWorker(): void {
  const child = fork(fileURLToPath(new URL('predict-worker.ts', import.meta.url)), {
    serialization: 'advanced',
  });
  workers.add(child);
  database.serve(child);
  child.on('message', (message: { takes?: string }) => {
    if (message.takes !== undefined) taken.push(message.takes);
  });
  child.on('exit', () => workers.delete(child));
}
startWorker();
startWorker();

const started = Date.now();
let killed = 0;
/** Kills are spread over the whole run: each waits for a share of the jobs, then for a random moment. */
while (workers.size > 0) {
  const states = await queue.states();
  const done = states.filter(({ state }) => state === 'done').length;
  progress.listen({ task: `predicting, ${killed} workers killed`, done, total: studies });
  if (killed < kills && done >= ((killed + 0.5) / kills) * studies * 0.8) {
    await pause(random.uniform(0, 1500));
    const victim = random.pick([...workers]);
    victim.kill('SIGKILL');
    killed++;
    startWorker();
  }
  await pause(200);
}
progress.stop();

const states = await queue.states();
const results = states.filter(({ state }) => state === 'done');
const folders = new Set(results.map(({ result }) => result?.folder));
const sound = results.filter(({ result }) => Number.isFinite(result?.probability));
const repeated = taken.length - new Set(taken).size;
await queue.close();
await database.close();
process.stdout.write(
  `${studies} jobs, ${killed} workers killed, ${((Date.now() - started) / 1000).toFixed(0)} s: ` +
    `${results.length} results of ${folders.size} studies, ${sound.length} with a probability; ` +
    `${repeated} jobs were taken up again after a kill\n`,
);
const whole =
  results.length === studies && folders.size === studies && sound.length === studies && killed === kills;
process.exitCode = whole ? 0 : 1;
