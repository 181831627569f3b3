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
import { numberAfter, spent, told } from './support/race.ts';

const MOST = { openSeconds: 10, knownMb: 250, rebuildSeconds: 120 };
const [studies, slices] = [numberAfter('--studies', 10_000), numberAfter('--slices', 32)];
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const data = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
await writeLongJournal(data, studies, slices);
const { size } = await stat(path.join(data, 'journal.jsonl'));
console.log(`${studies} studies of ${slices} slices; the journal has ${sizeText(size)}`);

function usedMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const before = usedMb();
const { value: archive, processorMs } = await spent(() => openArchive(data));
const knownMb = usedMb() - before;
told('opening it', processorMs / 1000, MOST.openSeconds, 's of the processor');
told('what it knows', knownMb, MOST.knownMb, 'MB');
const rebuilt = await spent(() => followIndex(archive, { rebuild: true, log: console.log }));
told('its database made anew', rebuilt.processorMs / 1000, MOST.rebuildSeconds, 's of the processor');
await rebuilt.value.close();
await archive.close();
await rm(data, { recursive: true });
