/**
 * Claim: `ichor evaluate`, a cold process from a CSV to its written report, takes under 60 s and 1.5 GB on 900,000 slices of
 * 20,000 patients and six classes (5.4 million rows) with the default options.
 * `node bench/evaluate-command.ts [--slices 900000]`
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createRandom, HEMORRHAGE_CLASSES, type Random } from '../src/base/index.ts';
import { numberAfter } from './support/race.ts';

const [MOST_SECONDS, MOST_GB] = [60, 1.5];
const SLICES_PER_PATIENT = 45;
/** Of slices, by class. */
const SHARES = [0.23, 0.19, 0.11, 0.02, 0.08, 0.16];
const slices = numberAfter('--slices', 900_000);
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const watch = fileURLToPath(new URL('support/print-peak.mjs', import.meta.url));

/** The rows of one patient's only study. */
function rowsOf(patient: number, random: Random): string {
  let rows = '';
  for (let slice = 1; slice <= SLICES_PER_PATIENT; slice++) {
    for (const [k, { name }] of HEMORRHAGE_CLASSES.entries()) {
      const reference = random.chance(SHARES[k] ?? 0) ? 1 : 0;
      const probability = 1 / (1 + Math.exp(2 - random.normal(1.8 * reference, 1.2)));
      rows += `P${patient},S${patient},${slice},${name},${reference},ichor,${probability}\n`;
    }
  }
  return rows;
}

function* csv(): Generator<string> {
  const random = createRandom(1);
  yield 'patient,study,slice,class,reference,reader,probability\n';
  for (let patient = 0; patient * SLICES_PER_PATIENT < slices; patient++) yield rowsOf(patient, random);
}

const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
const opinions = path.join(folder, 'opinions.csv');
await pipeline(Readable.from(csv()), createWriteStream(opinions));
const began = performance.now();
const { status, stdout } = spawnSync(
  process.execPath,
  ['--import', watch, main, 'evaluate', opinions, '--out', path.join(folder, 'evaluation')],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
);
const seconds = (performance.now() - began) / 1000;
await rm(folder, { recursive: true });
if (status !== 0) throw new Error(`ichor evaluate ended with ${status}`);
const { peakGb, processorSeconds } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}');
const held = seconds < MOST_SECONDS && peakGb < MOST_GB;
console.log(
  `ichor evaluate, ${slices} slices of six classes, from a CSV to the report: ${held ? 'held' : 'MISSED'}`,
);
console.log(
  `  ${seconds.toFixed(1)} s, ${processorSeconds.toFixed(1)} s of processor time, ${peakGb.toFixed(2)} GB (targets under ${MOST_SECONDS} s and ${MOST_GB} GB)`,
);
process.exitCode = held ? 0 : 1;
