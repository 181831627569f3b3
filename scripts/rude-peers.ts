// npm run test:rude-peers: `ichor serve` with its limits as shipped before a crowd of rude peers from other addresses, while a
// good one asks and sends; then seeded mutations of units, objects and requests. The bar: `-- --minutes 10 --mutations 50000`.
// On a machine that does other work beside, `--leeway 5` allows five times the milliseconds, and `--grown 120` twice
// the megabytes.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/base/index.ts';
import { createPhantom } from '../src/phantom/index.ts';
import { openAssociation, phantomStudy, sendStudy } from '../src/server/index.ts';
import { nearestRank } from '../src/statistics/index.ts';
import { eventually, startServing } from '../test/support/served.ts';
import { startCrowd, zipBomb } from './rude/crowd.ts';
import { sendMutations } from './rude/mutations.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    mutations: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    leeway: { type: 'string', default: '1' },
    grown: { type: 'string', default: '60' },
    work: { type: 'string', default: 'runs/rude-peers' },
  },
});
const [minutes, mutations] = [Number(values.minutes), Number(values.mutations)];
const leeway = Number(values.leeway);
const MOST = { grownMb: Number(values.grown), loopP99Ms: 50 * leeway, echoP95Ms: 200 * leeway } as const;
const ENDS = new Set(['done', 'refused', 'failed']);
/** The longest that any connection has (a minute of silence), and what the looks for it may be late. */
const PATIENCE_MS = 110_000;
/** One that was kept open may just be closed by the service, which gives each 10 seconds. */
const OWN_CONNECTION = { connection: 'close' };
const data = path.resolve(values.work);
await rm(data, { recursive: true, force: true });

const served = await startServing(data);
await eventually(
  () => fetch(`${served.url}/health/ready`, { headers: OWN_CONNECTION }),
  ({ ok }) => ok,
  300,
);
const peer = { host: '127.0.0.1', port: served.dicomPort, calledAe: 'ICHOR', callingAe: 'GOOD' };
const ports = { http: Number(new URL(served.url).port), dicom: served.dicomPort };
const head = createPhantom({ seed: 1, side: 64, bleeds: [] });
const missed: string[] = [];

function tell(isHeld: boolean, text: string): void {
  console.log(`${isHeld ? 'held' : 'MISSED'}: ${text}`);
  if (!isHeld) missed.push(text);
}

async function residentMb(): Promise<number> {
  const status = await readFile(`/proc/${served.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/**
 * The 99th of 100 delays of the service's event loop since the last call, ms, since its metrics start anew with each look; and
 * where its memory is, MB.
 */
async function look() {
  const text = await (await fetch(`${served.url}/metrics`, { headers: OWN_CONNECTION })).text();
  const metric = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  const mb = (name: string) => (metric(`nodejs_${name}`) / 2 ** 20).toFixed(0);
  const parts = [
    `${(await residentMb()).toFixed(0)} MB resident`,
    `heap ${mb('heap_size_total_bytes')}, ${mb('heap_size_used_bytes')} of it used`,
    `young generation ${mb('heap_space_size_total_bytes{space="new"}')}`,
    `buffers ${mb('external_memory_bytes')}`,
  ];
  return { delayMs: 1000 * metric('nodejs_eventloop_lag_p99_seconds'), memory: parts.join(', ') };
}

/** Infinity where it fails. */
async function echoMs(): Promise<number> {
  const startedAt = performance.now();
  try {
    const association = await openAssociation(peer);
    await association.echo();
    await association.release();
    return performance.now() - startedAt;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

async function sendGoodStudy(number: number): Promise<string> {
  const study = phantomStudy(head, number);
  const [refusal] = (await sendStudy(peer, study)).flatMap(({ refusal = [] }) => refusal);
  if (refusal !== undefined) tell(false, `a study was not taken: ${refusal}`);
  return study.study;
}

/** What one does again and again until the time is over. */
async function meanwhile(untilAt: number, everyMs: number, work: () => Promise<unknown>): Promise<void> {
  while (performance.now() < untilAt) {
    await work();
    await pause(everyMs);
  }
}

async function crowdPart(): Promise<void> {
  let sent = 0;
  const studies: string[] = [];
  const study = async () => void studies.push(await sendGoodStudy(1000 + sent++));
  // The first study, all the way to its result, and echoes warm the service up: its database and its results have their memory then
  await study();
  await eventually(
    () => served.worklist(),
    (rows) => rows.every(({ state }) => ENDS.has(state)),
    600,
  );
  for (let i = 0; i < 50; i++) await echoMs();
  const bomb = zipBomb();
  await look();
  const before = await residentMb();
  const endCrowd = startCrowd(ports);
  const endAt = performance.now() + 60_000 * minutes;
  const [echoes, memory, bombs, delays]: [number[], number[], number[], number[]] = [[], [], [], []];
  const lookOnce = async () => {
    const { delayMs, memory } = await look();
    delays.push(delayMs);
    console.log(`  ${memory}; ${delayMs.toFixed(0)} ms late (p99)`);
  };
  await Promise.all([
    meanwhile(endAt, 250, async () => void echoes.push(await echoMs())),
    meanwhile(endAt, 1000, async () => void memory.push(await residentMb())),
    meanwhile(endAt, 15_000, study),
    meanwhile(endAt, 60_000, lookOnce),
    meanwhile(endAt, 10_000, async () => {
      const headers = { ...OWN_CONNECTION, 'content-type': 'application/zip' };
      const answer = await fetch(`${served.url}/api/upload`, { method: 'POST', headers, body: bomb });
      bombs.push(answer.status);
    }),
  ]);
  await lookOnce();
  endCrowd();
  const [grown, p95] = [nearestRank(memory, 1) - before, nearestRank(echoes, 0.95)];
  tell(grown < MOST.grownMb, `memory grew by ${grown.toFixed(0)} MB at most, from ${before.toFixed(0)} MB`);
  const delay = nearestRank(delays, 1);
  tell(delay < MOST.loopP99Ms, `the event loop was ${delay.toFixed(1)} ms late (p99 of the worst minute)`);
  tell(
    p95 < MOST.echoP95Ms,
    `${echoes.length} C-ECHOs took ${p95.toFixed(0)} ms (p95), ${nearestRank(echoes, 0.5).toFixed(0)} ms (median), ${echoes.filter((ms) => ms === Number.POSITIVE_INFINITY).length} failed`,
  );
  tell(
    bombs.every((status) => status === 413),
    `zip bombs were answered by ${[...new Set(bombs)].join(', ')}`,
  );
  const listed = new Set((await served.worklist()).map(({ studyInstanceUid }) => studyInstanceUid));
  tell(
    studies.every((uid) => listed.has(uid)),
    `${studies.length} studies arrived meanwhile`,
  );
}

async function mutationPart(): Promise<void> {
  const startedAt = performance.now();
  const { sent, leftOpen, longestOpenMs, statuses } = await sendMutations(
    ports,
    mutations,
    createRandom(Number(values.seed)),
    PATIENCE_MS,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const answers = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  console.log(
    `${sent} mutations in ${seconds.toFixed(0)} s, ${leftOpen} of them left open; HTTP answered ${answers.join(', ')}`,
  );
  tell(longestOpenMs < PATIENCE_MS, `no connection stood longer than ${(longestOpenMs / 1000).toFixed(0)} s`);
  tell(![...statuses.keys()].some((status) => status >= 500), 'no request had a fault of ours for an answer');
  await sendGoodStudy(5000);
  tell((await readdir(path.join(data, 'incoming'))).length === 0, 'nothing half-written is left');
}

process.once('exit', () => served.child.kill('SIGKILL'));
await crowdPart();
await mutationPart();
const faults = served
  .stderr()
  .split('\n')
  .filter((line) =>
    /TypeError|RangeError|ReferenceError|SyntaxError|undefined|a request failed|Unhandled|\bat .*:\d+:\d+/.test(
      line,
    ),
  );
tell(faults.length === 0, `the log names ${faults.length} faults of ours ${faults.slice(0, 5).join('\n')}`);
tell((await served.end('SIGTERM')) === 0, 'it stops in order');
process.exitCode = missed.length === 0 ? 0 : 1;
