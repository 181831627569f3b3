// npm run test:kill-service: senders give objects to `ichor serve` while it is killed (-9) at seeded moments. None that was
// acknowledged may be lost or altered, nothing half-written may be in sight, and every study has to end with its one
// current result, or refused: one study in eight is a phantom's, the others are noise. None may be given up. Whoever is killed is started again, and may be
// killed again before it works. With --postgres the index lies in a PostgreSQL of the script's own, a worker works beside the
// service, and all three are killed in turn; in the end the database has to say what the journal says. Then the database is taken
// away, and all has to be back, the same. A kill cannot see a missing fsync: npm run test:durable-order looks for that.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { writeHashModel } from '../bench/support/hash-model.ts';
import { digestOfFolder, openArchive, openDatabase } from '../src/archive/index.ts';
import { createRandom, sha256 } from '../src/base/index.ts';
import { dataSetOf } from '../src/dicom/ct-fixture.ts';
import { PARTIAL } from '../src/files/index.ts';
import { QUICK_SETTINGS } from '../src/network/index.ts';
import { createPhantom } from '../src/phantom/index.ts';
import { openAssociation, phantomStudy, type RequestedAssociation } from '../src/server/index.ts';
import { freePort } from '../test/support/ports.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { eventually } from '../test/support/served.ts';
import { NOISE_KIND, noiseStudy } from './durable/noise-object.ts';
import { keepStarted } from './durable/started-again.ts';

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
const MODEL = path.resolve(values.work, 'small.onnx');
const [PORT, DICOM_PORT] = [String(await freePort()), String(await freePort())];
const SLICES = 25;
const HEAD = createPhantom({ seed: 1, side: 64, bleeds: [] });

await rm(path.resolve(values.work), { recursive: true, force: true });
await mkdir(path.resolve(values.work), { recursive: true });
// What is looked at is what is kept: a network that opens and predicts in a moment leaves the time to kills
await writeHashModel(MODEL, { ...QUICK_SETTINGS, sharedCnn: true, features: 16, hidden: 4 });
const postgres = values.postgres ? await startPostgres() : undefined;
const database = await postgres?.urlOf('kill_service');
let inDatabase = database === undefined ? [] : ['--database', database];
let service = startService();
const worker = database === undefined ? undefined : startIchor('worker');
/** By SOP Instance UID, the sha256 of the data set whose sender was told that it is kept. */
const acknowledged = new Map<string, { readonly study: string; readonly sent: string }>();
const begun = new Set<string>();
let killed = 0;

function startService() {
  return startIchor('serve', '--port', PORT, '--dicom-port', DICOM_PORT);
}

function startIchor(...command: string[]) {
  return keepStarted([...command, '--data', data, '--model', MODEL, '--device', 'cpu', ...inDatabase]);
}

/** Who is killed. */
const VICTIMS = {
  service: async () => service.kill(),
  worker: async () => worker?.kill(),
  postgres: async () => {
    await postgres?.stop('immediate');
    await postgres?.start();
  },
} as const;
const victims = postgres === undefined ? [VICTIMS.service] : Object.values(VICTIMS);

const studyOf = (number: number) =>
  number % 8 === 0 ? phantomStudy(HEAD, number) : noiseStudy(`1.2.3.${number}`, SLICES);

/** Sends its studies as a scanner does: what was not acknowledged is sent again, on a new association. */
async function send(sender: number, studies: readonly number[]): Promise<void> {
  let association: RequestedAssociation | undefined;
  for (const number of studies) {
    const { study, slices } = studyOf(number);
    const left = [...slices];
    for (let slice = left[0]; slice !== undefined && !isOver(); slice = left[0]) {
      try {
        association ??= await openAssociation(
          { host: '127.0.0.1', port: Number(DICOM_PORT), calledAe: 'ICHOR', callingAe: `SENDER${sender}` },
          [NOISE_KIND],
        );
        await association.store(slice);
        acknowledged.set(slice.sopInstanceUid, { study, sent: sha256(slice.dataSet) });
        begun.add(study);
        left.shift();
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
/** Empty while the service does not answer. */
async function statesOfAll(): Promise<string[]> {
  const text = await listText().catch(() => '{"items": []}');
  return listSchema.parse(JSON.parse(text)).items.map(({ state }) => state);
}

async function untilAllEnded(studies: number): Promise<void> {
  const haveEnded = (all: readonly string[]) =>
    all.length >= studies && all.every((state) => ['done', 'refused', 'failed'].includes(state));
  await eventually(statesOfAll, haveEnded, 1800);
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
await worker?.end('SIGKILL');
const list = await listText();
const exitCode = await service.end('SIGTERM');
const faults = service.endedItself();

const archive = await openArchive(data);
let [lost, altered] = [0, 0];
for (const [instance, { study, sent }] of acknowledged) {
  const held = archive.index.study(study)?.objects.get(instance);
  const place = archive
    .paths(study)
    .find((one) => path.basename(one).startsWith(`${instance}.${sent.slice(0, 16)}`));
  if (held === undefined || place === undefined) lost++;
  else if (sha256(dataSetOf(await readFile(place))) !== sent) altered++;
}
const written = await readdir(archive.folders.results, { recursive: true });
const halfWritten =
  (await readdir(archive.folders.incoming)).length + written.filter((name) => name.endsWith(PARTIAL)).length;
for (const { results } of archive.index.studies())
  for (const { folder, filesSha256 } of results)
    if ((await digestOfFolder(path.join(data, folder))) !== filesSha256) altered++;
const states = [...archive.index.studies()].map(({ state }) => state);
const counts = Object.fromEntries(
  [...new Set(states)].map((state) => [state, states.filter((s) => s === state).length]),
);
const givenUp = states.filter((state) => state === 'failed').length;
const unlike = await unlikeJournal();
await archive.close();
const isBack = await isBackWithoutDatabase();
await postgres?.remove();
console.log(
  `${acknowledged.size} objects acknowledged, ${killed} kills: ${lost} lost, ${altered} altered, ${halfWritten} half-written; ` +
    `studies ${JSON.stringify(counts)}; exit code after SIGTERM ${exitCode}, ${faults} ends of its own before; ${unlike} studies in the database otherwise than in the journal; ` +
    `without the database all was back: ${isBack ? 'the same' : 'NOT the same'}`,
);
if (lost + altered + halfWritten + givenUp + unlike + faults > 0 || exitCode !== 0 || !isBack)
  process.exit(1);

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
  service = startService();
  const isReady = () =>
    fetch(`http://127.0.0.1:${PORT}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await eventually(isReady, (is) => is, 300);
  const isSameList = (await listText()) === list;
  await service.end('SIGTERM');
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
