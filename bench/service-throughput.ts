/**
 * Claims, with the bundled model unless said otherwise, senders on the same machine:
 * at 300 studies an hour a study has its place on the list under 5 s (median) and under 10 s (95 of 100) after its last
 * image; sent all at once, studies are predicted at least 0.7 times as fast as by `ichor predict` over the same studies in
 * the same run; an urgent study is predicted next, after at most the one under way, with 200 waiting; a
 * positive stands at its rank within a second of its result; and, with a small model, the service's own memory is flat (under
 * 60 MB) between the first look and the end of the studies of `--memory`, 2,000 for the full claim; it is told after each
 * hundred.
 * `node bench/service-throughput.ts [--studies 20] [--per-hour 300] [--waiting 200] [--memory 200] [--threads 2] [--only PART]`
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { at } from '../src/base/index.ts';
import { QUICK_SETTINGS } from '../src/network/index.ts';
import { createPhantom, ORDINARY_SCANNER } from '../src/phantom/index.ts';
import { phantomStudy, type StudyToSend } from '../src/server/index.ts';
import { nearestRank } from '../src/statistics/index.ts';
import { eventually, type Served, startServing } from '../test/support/served.ts';
import { writeHashModel } from './support/hash-model.ts';
import { median, numberAfter, software } from './support/race.ts';
import { countOf, endedOf, phantomCopies, sendTo } from './support/service-load.ts';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const studies = numberAfter('--studies', 20);
const perHour = numberAfter('--per-hour', 300);
const waiting = numberAfter('--waiting', 200);
const memoryStudies = numberAfter('--memory', 200);
const threads = numberAfter('--threads', 2);
const LONGEST_S = 3600;
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
console.log(software(threads));

/** Where order or memory is asked, not speed: a network that takes a study in a moment. */
const SMALL = path.join(folder, 'small.onnx');
/** Without a point nothing is positive, and no pictures are made. */
const WITH_SMALL = ['--model', SMALL, '--operating-point', '1'] as const;
const FEW_SLICES = { ...ORDINARY_SCANNER, sliceThicknessMm: 10, sliceSpacingMm: 18 };
await writeHashModel(SMALL, { ...QUICK_SETTINGS, sharedCnn: true, features: 16, hidden: 4 });

let runs = 0;
async function withService<T>(
  work: (served: Served, data: string) => Promise<T>,
  ...rest: string[]
): Promise<T> {
  const data = path.join(folder, `data-${++runs}`);
  const served = await startServing(data, '--threads', String(threads), ...rest);
  await eventually(
    () => fetch(`${served.url}/health/ready`),
    ({ ok }) => ok,
    300,
  );
  try {
    return await work(served, data);
  } finally {
    await served.end('SIGTERM');
    await rm(data, { recursive: true });
  }
}

function tell(claim: string, held: boolean, text: string): void {
  console.log(`${claim}: ${held ? 'held' : 'MISSED'}`);
  console.log(`  ${text}`);
  if (!held) process.exitCode = 1;
}

const until = (served: Served, count: number) =>
  eventually(
    () => endedOf(served),
    (ended) => ended >= count,
    LONGEST_S,
  );

/** Seconds of `ichor predict` over the studies as one batch, model opening included, with what the service writes. */
async function batchSeconds(copies: readonly StudyToSend[]): Promise<number> {
  const inbox = path.join(folder, 'inbox');
  for (const { study, files } of copies) {
    await mkdir(path.join(inbox, study), { recursive: true });
    for (const { name, bytes } of files) await writeFile(path.join(inbox, study, name), bytes);
  }
  const started = performance.now();
  const args = [MAIN, 'predict', inbox, '--dicom', '--device', 'cpu', '--threads', String(threads)];
  const { status } = spawnSync(process.execPath, [...args, '--out', path.join(folder, 'out')], {
    stdio: 'ignore',
  });
  if (status !== 0) throw new Error(`ichor predict ended with ${status}`);
  return (performance.now() - started) / 1000;
}

async function serviceSeconds(copies: readonly StudyToSend[]): Promise<number> {
  return await withService(async (served) => {
    const started = performance.now();
    for (const copy of copies) await sendTo(served, copy);
    await until(served, copies.length);
    return (performance.now() - started) / 1000;
  });
}

async function throughput(): Promise<void> {
  const copies = phantomCopies(studies);
  const batch = await batchSeconds(copies);
  const service = await serviceSeconds(copies);
  const ratio = batch / service;
  tell(
    `${studies} studies at once, the service against ichor predict`,
    ratio >= 0.7,
    `ratio ${ratio.toFixed(2)} (target at least 0.7): ${((3600 * studies) / service).toFixed(0)} an hour, ichor predict ${((3600 * studies) / batch).toFixed(0)}`,
  );
}

async function latency(): Promise<void> {
  const seconds = await withService(async (served) => {
    const waits: Promise<number>[] = [];
    const started = performance.now();
    for (const [i, copy] of phantomCopies(studies).entries()) {
      await pause(Math.max(0, started + (i * 3_600_000) / perHour - performance.now()));
      await sendTo(served, copy);
      waits.push(secondsToPlace(served, copy.study));
    }
    return await Promise.all(waits);
  });
  const [p50, p95] = [median(seconds), nearestRank(seconds, 0.95)];
  tell(
    `from the last image to the place on the list, ${perHour} studies an hour`,
    p50 < 5 && p95 < 10,
    `median ${p50.toFixed(2)} s (target under 5), p95 ${p95.toFixed(2)} s (under 10), of ${studies} studies`,
  );
}

async function secondsToPlace(served: Served, study: string): Promise<number> {
  const started = performance.now();
  const hasPlace = async () =>
    (await served.worklist()).some((row) => row.studyInstanceUid === study && row.state === 'done');
  await eventually(hasPlace, (has) => has, LONGEST_S);
  return (performance.now() - started) / 1000;
}

/**
 * Small studies, sent faster than they are predicted until so many wait: what is asked is the order. Then an urgent one
 * without a bleed, and an urgent one with, which its result has to lift above the first.
 */
async function urgency(): Promise<void> {
  const head = createPhantom({ seed: 5, side: 64, bleeds: [], scanner: FEW_SLICES });
  const urgent = phantomStudy(head, 0, true);
  const [bleeding] = phantomCopies(1, { urgent: true });
  if (bleeding === undefined) return;
  const { waitedThen, begunBefore, seconds } = await withService(async (served, data) => {
    for (let sent = 1; (await countOf(served, ['queued'])) < waiting; sent++)
      await sendTo(served, phantomStudy(head, sent));
    await sendTo(served, urgent);
    await sendTo(served, bleeding);
    const seconds = await secondsToFirstPlace(served, bleeding.study);
    return { ...(await beforeItsTurn(data, urgent.study)), seconds };
  });
  tell(
    `an urgent study with ${waitedThen} waiting`,
    waitedThen >= waiting && begunBefore <= 1,
    `${begunBefore} others were begun before it once it waited (target at most 1)`,
  );
  tellRank('among those', seconds);
}

/** How many waited when a study came into the queue, and how many of them a worker took before it. */
async function beforeItsTurn(data: string, study: string) {
  const text = await readFile(path.join(data, 'journal.jsonl'), 'utf8');
  const moves = text.split('\n').filter((line) => line.includes('"event":"moved"'));
  const isTo = (state: string) => (line: string) => line.includes(`"to":"${state}"`);
  const turnOf = (state: string) =>
    moves.findIndex((line) => line.includes(`"study":"${study}"`) && isTo(state)(line));
  const [queued, taken] = [turnOf('queued'), turnOf('predicting')];
  const earlier = moves.slice(0, queued);
  return {
    waitedThen: earlier.filter(isTo('queued')).length - earlier.filter(isTo('predicting')).length,
    begunBefore: moves.slice(queued, taken).filter(isTo('predicting')).length,
  };
}

async function rankOfPositive(): Promise<void> {
  const seconds = await withService(async (served) => {
    for (const copy of phantomCopies(5, { bleeds: false })) await sendTo(served, copy);
    const [, , , , , positive] = phantomCopies(6);
    if (positive === undefined) return Number.NaN;
    await sendTo(served, positive);
    return await secondsToFirstPlace(served, positive.study);
  });
  tellRank('among five others', seconds);
}

/** From the time that a positive result states to the time that the list shows its study above all others. */
async function secondsToFirstPlace(served: Served, study: string): Promise<number> {
  for (;;) {
    const rows = await served.worklist();
    const row = rows.find(({ studyInstanceUid }) => studyInstanceUid === study);
    if (row?.rank === 1 && row.anyHemorrhage?.positive === true)
      return (Date.now() - Date.parse(String(row.finishedAt))) / 1000;
    await pause(20);
  }
}

const tellRank = (where: string, seconds: number): void =>
  tell(
    `a positive stands at its rank ${where}`,
    seconds < 1,
    `${seconds.toFixed(2)} s after its result (target under 1)`,
  );

async function memory(): Promise<void> {
  const megabytes: number[] = [];
  await withService(
    async (served) => {
      const head = createPhantom({ seed: 5, side: 64, bleeds: [], scanner: FEW_SLICES });
      for (let sent = 1; sent <= memoryStudies; sent++) {
        await sendTo(served, phantomStudy(head, sent));
        if (sent % Math.min(100, memoryStudies / 10) !== 0) continue;
        await until(served, sent);
        megabytes.push(await megabytesOf(served));
        console.log(`  ${sent} studies: ${megabytes.at(-1)?.toFixed(0)} MB`);
      }
    },
    ...WITH_SMALL,
  );
  const [low, high] = [at(megabytes, 0), at(megabytes, megabytes.length - 1)];
  tell(
    `memory of the service over ${memoryStudies} studies`,
    high - low < 60,
    `${low.toFixed(0)} MB at the first look, ${high.toFixed(0)} MB at the end`,
  );
}

/** Resident, of the process that receives; the one that predicts is another. */
async function megabytesOf({ child }: Served): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

const PARTS = { throughput, latency, urgency, rank: rankOfPositive, memory } as const;
const only = process.argv[process.argv.indexOf('--only') + 1];
for (const [name, part] of Object.entries(PARTS))
  if (!process.argv.includes('--only') || name === only) await part();
await rm(folder, { recursive: true });
