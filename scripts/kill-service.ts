// npm run test:kill-service: senders give objects to `ichor serve` while it is killed (-9) at seeded moments. None that was
// acknowledged may be lost or altered, nothing half-written may be in sight, and every study has to end with one
// current result or one reason. With --postgres the index lies in a PostgreSQL of the script's own, a worker works beside the
// service, and all three are killed in turn; in the end the database has to say what the journal says. Then the database is taken
// away, and all has to be back, the same. A kill cannot see a missing fsync: npm run test:durable-order looks for that.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openArchive, openDatabase } from '../src/archive/index.ts';
import { createRandom, sha256 } from '../src/base/index.ts';
import { dataSetOf } from '../src/dicom/ct-fixture.ts';
import { openAssociation, type RequestedAssociation } from '../src/server/index.ts';
import { freePort } from '../test/support/ports.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { eventually } from '../test/support/served.ts';
import { NOISE_KIND, noiseDataSet } from './durable/noise-object.ts';

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '10' },
    senders: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    // Sending ends then in any case, and what was acknowledged is looked at
    minutes: { type: 'string', default: '600' },
    postgres: { type: 'boolean', default: false },
    work: { type: 'string', default: 'runs/kill-service' },
  },
});
const [objects = 0, kills = 0, senders = 1] = [values.objects, values.kills, values.senders].map(Number);
const endAt = performance.now() + 60_000 * Number(values.minutes);
const isOver = (): boolean => performance.now() > endAt;
const random = createRandom(Number(values.seed));
const data = path.resolve(values.work, 'data');
const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const [PORT, DICOM_PORT] = [String(await freePort()), String(await freePort())];
const SLICES = 25;

await rm(data, { recursive: true, force: true });
const postgres = values.postgres ? await startPostgres() : undefined;
const database = await postgres?.urlOf('kill_service');
let inDatabase = database === undefined ? [] : ['--database', database];
let service = await start();
let worker = database === undefined ? undefined : await startWorker();
/** By SOP Instance UID, the sha256 of the data set whose sender was told that it is kept. */
const acknowledged = new Map<string, string>();
const begun = new Set<string>();
let killed = 0;

async function start(): Promise<ChildProcess> {
  return await startIchor('serve', '--port', PORT, '--dicom-port', DICOM_PORT);
}

async function startWorker(): Promise<ChildProcess> {
  return await startIchor('worker');
}

async function startIchor(...command: string[]): Promise<ChildProcess> {
  const args = [MAIN, ...command, '--data', data, '--device', 'cpu', ...inDatabase];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout !== null) await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

/** Its exit code. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone = once(child, 'exit');
  child.kill(signal);
  const [code] = await gone;
  return code;
}

/** What is killed, and started again. */
const VICTIMS = {
  service: async () => {
    await end(service, 'SIGKILL');
    service = await start();
  },
  worker: async () => {
    if (worker !== undefined) await end(worker, 'SIGKILL');
    worker = await startWorker();
  },
  postgres: async () => {
    await postgres?.stop('immediate');
    await postgres?.start();
  },
} as const;
const victims = postgres === undefined ? [VICTIMS.service] : Object.values(VICTIMS);

/** Sends its studies as a scanner does: what was not acknowledged is sent again, on a new association. */
async function send(sender: number, studies: readonly number[]): Promise<void> {
  let association: RequestedAssociation | undefined;
  for (const number of studies) {
    const study = `1.2.3.${number}`;
    for (let slice = 1; slice <= SLICES && !isOver(); ) {
      const instance = `${study}.${slice}`;
      const dataSet = noiseDataSet(study, instance, slice);
      try {
        association ??= await openAssociation(
          { host: '127.0.0.1', port: Number(DICOM_PORT), calledAe: 'ICHOR', callingAe: `SENDER${sender}` },
          [NOISE_KIND],
        );
        await association.store({ ...NOISE_KIND, sopInstanceUid: instance, dataSet });
        acknowledged.set(instance, sha256(dataSet));
        begun.add(study);
        slice++;
        if (acknowledged.size % 1000 === 0) console.log(`${acknowledged.size} acknowledged, ${killed} kills`);
      } catch {
        // The service is down: that is what is tried here
        association = undefined;
        await pause(100);
      }
    }
    await association?.release().catch(() => undefined);
    association = undefined;
  }
}

/** When so many objects are acknowledged, a moment later: also while others are being sent, written or predicted. */
async function killAtSeededMoments(): Promise<void> {
  const moments = Array.from({ length: kills }, () => random.integer(0, objects - 1));
  for (const moment of moments.toSorted((a, b) => a - b)) {
    while (acknowledged.size < moment && !isOver()) await pause(5);
    if (isOver()) return;
    await pause(random.integer(0, 100));
    await random.pick(victims)();
    killed++;
  }
}

const listSchema = z.object({ items: z.array(z.object({ state: z.string() })) });
async function untilAllEnded(studies: number): Promise<void> {
  const states = async () => {
    const answer = await fetch(`http://127.0.0.1:${PORT}/api/worklist`);
    return listSchema.parse(await answer.json()).items.map(({ state }) => state);
  };
  const haveEnded = (all: readonly string[]) =>
    all.length >= studies && all.every((state) => ['done', 'refused', 'failed'].includes(state));
  await eventually(states, haveEnded, 1800);
}

const studies = Array.from({ length: Math.ceil(objects / SLICES) }, (_, i) => i + 1);
const killing = killAtSeededMoments();
await Promise.all(
  Array.from({ length: senders }, (_, sender) =>
    send(
      sender,
      studies.filter((number) => number % senders === sender),
    ),
  ),
);
await killing;
await untilAllEnded(begun.size);
if (worker !== undefined) await end(worker, 'SIGKILL');
const list = await listText();
const exitCode = await end(service, 'SIGTERM');

const archive = await openArchive(data);
let [lost, altered] = [0, 0];
for (const [instance, sent] of acknowledged) {
  const study = instance.split('.').slice(0, 4).join('.');
  const held = archive.index.study(study)?.objects.get(instance);
  const place = archive
    .paths(study)
    .find((one) => path.basename(one).startsWith(`${instance}.${sent.slice(0, 16)}`));
  if (held === undefined || place === undefined) lost++;
  else if (sha256(dataSetOf(await readFile(place))) !== sent) altered++;
}
const halfWritten = (await readdir(archive.folders.incoming)).length;
const states = [...archive.index.studies()].map(({ state }) => state);
const counts = Object.fromEntries(
  [...new Set(states)].map((state) => [state, states.filter((s) => s === state).length]),
);
const unlike = await unlikeJournal();
await archive.close();
const isBack = await isBackWithoutDatabase();
await postgres?.remove();
console.log(
  `${acknowledged.size} objects acknowledged, ${killed} kills: ${lost} lost, ${altered} altered, ${halfWritten} half-written; ` +
    `studies ${JSON.stringify(counts)}; exit code after SIGTERM ${exitCode}; ${unlike} studies in the database otherwise than in the journal; ` +
    `without the database all was back: ${isBack ? 'the same' : 'NOT the same'}`,
);
if (lost + altered + halfWritten + unlike > 0 || exitCode !== 0 || !isBack) process.exit(1);

/** The list as the service tells it, in its order. */
async function listText(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${PORT}/api/worklist`)).text();
}

/** All that the index says, in a database that is not in use. */
async function indexText(where: string): Promise<string> {
  const opened = await openDatabase(where);
  const tables = ['position', 'study', 'object', 'result', 'delivery', 'job'] as const;
  const texts: string[] = [];
  for (const table of tables)
    for (const row of await opened.selectFrom(table).selectAll().execute())
      texts.push(`${table} ${JSON.stringify(row)}`);
  await opened.destroy();
  return texts.toSorted().join('\n');
}

/** The folder of the embedded one is deleted; a PostgreSQL is left for an empty one. */
async function isBackWithoutDatabase(): Promise<boolean> {
  const folder = path.join(data, 'database');
  const before = await indexText(database ?? folder);
  const anew = await postgres?.urlOf('kill_service_anew');
  if (anew === undefined) await rm(folder, { recursive: true });
  else inDatabase = ['--database', anew];
  service = await start();
  const isReady = async () => (await fetch(`http://127.0.0.1:${PORT}/health/ready`)).ok;
  await eventually(isReady, (is) => is, 300);
  const isSameList = (await listText()) === list;
  await end(service, 'SIGTERM');
  return isSameList && (await indexText(anew ?? folder)) === before;
}

/** Studies whose state or objects the database tells otherwise than the journal, or which it lacks. */
async function unlikeJournal(): Promise<number> {
  if (database === undefined) return 0;
  const opened = await openDatabase(database);
  const rows = await opened.selectFrom('study').select(['study', 'state', 'instances']).execute();
  await opened.destroy();
  const told = new Map(rows.map(({ study, state, instances }) => [study, `${state} ${instances}`]));
  const held = [...archive.index.studies()];
  return held.filter(({ study, state, objects }) => told.get(study) !== `${state} ${objects.size}`).length;
}
