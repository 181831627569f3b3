/**
 * Claims of an archive that holds ten thousand studies of 32 slices: it is open, and its list can be asked for, after 10 s of
 * processor time, and what it knows needs at most 250 MB; the embedded database is made anew from it (`--rebuild`) within two
 * minutes of processor time.
 * `node bench/long-archive.ts [--studies 10000] [--slices 32]`
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { followIndex, openArchive } from '../src/archive/index.ts';
import { sizeText } from '../src/base/index.ts';
import { writeLongJournal } from './support/long-journal.ts';
import { numberAfter } from './support/race.ts';

const MOST = { openSeconds: 10, knownMb: 250, rebuildSeconds: 120 };
const [studies, slices] = [numberAfter('--studies', 10_000), numberAfter('--slices', 32)];
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const data = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
await writeLongJournal(data, studies, slices);
const { size } = await stat(path.join(data, 'journal.jsonl'));
console.log(`${studies} studies of ${slices} slices; the journal has ${sizeText(size)}`);

/** What the work gives, and the seconds of the processor that it took; those of the clock depend on what else runs. */
async function timed<T>(work: () => Promise<T>) {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (user + system) / 1e6 };
}

function usedMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function tell(isHeld: boolean, text: string): void {
  console.log(`${isHeld ? 'held' : 'MISSED'}: ${text}`);
  if (!isHeld) process.exitCode = 1;
}

const before = usedMb();
const { value: archive, seconds } = await timed(() => openArchive(data));
const knownMb = usedMb() - before;
tell(seconds < MOST.openSeconds, `it is open after ${seconds.toFixed(1)} s of the processor`);
tell(knownMb < MOST.knownMb, `what it knows needs ${knownMb.toFixed(0)} MB`);
const rebuilt = await timed(() => followIndex(archive, { rebuild: true, log: console.log }));
tell(
  rebuilt.seconds < MOST.rebuildSeconds,
  `its database is there after ${rebuilt.seconds.toFixed(0)} s of the processor`,
);
await rebuilt.value.close();
await archive.close();
await rm(data, { recursive: true });
