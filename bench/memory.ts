/**
 * Claims, on the resident size of the whole process at its highest (VmHWM), each run a process of its own:
 * predicting 320 slices of 512 x 512 with all heat maps and the report peaks at most 1.3 times as high as 32, with both
 * full-size networks and with the bundled model; training the full-size network on a scan of 320 slices stays under 8 GB.
 * `node bench/memory.ts [--few 32] [--many 320] [--threads 2]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_MODEL_PATH } from '../src/service/index.ts';
import { writeBenchmarkStudy } from './support/benchmark-study.ts';
import { writeHashModel } from './support/hash-model.ts';
import { numberAfter, software } from './support/race.ts';

const threads = numberAfter('--threads', 2);
const [few, many] = [numberAfter('--few', 32), numberAfter('--many', 320)];
const MOST_GROWTH = 1.3;
const MOST_TRAINING_GB = 8;
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
const model = path.join(folder, 'full-size.onnx');
await writeHashModel(model);
console.log(software(threads));

/** Highest resident size of a run in a process of its own, bytes. */
function peakOf(script: string, args: readonly string[]): number {
  const file = fileURLToPath(new URL(`support/${script}`, import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
  return Number(stdout.trim().split('\n').at(-1));
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

const studyOf = (slices: number): string => path.join(folder, `study-${slices}`);
for (const slices of [few, many]) await writeBenchmarkStudy(studyOf(slices), slices);

/** How many times as much memory many slices take as few, said. */
function growthWith(name: string, file: string): number {
  const peak = (slices: number) => peakOf('predict-once.ts', [studyOf(slices), file, String(threads)]);
  const [low, high] = [peak(few), peak(many)];
  const growth = high / low;
  console.log(`predicting with ${name}: ${growth <= MOST_GROWTH ? 'held' : 'MISSED'}`);
  console.log(
    `  ${few} slices ${gigabytes(low)}, ${many} slices ${gigabytes(high)}: ${growth.toFixed(2)} times (target at most ${MOST_GROWTH})`,
  );
  return growth;
}

const growths = [
  growthWith('the bundled model', DEFAULT_MODEL_PATH),
  growthWith('both full-size networks', model),
];
const training = peakOf('train-once.ts', [String(many), String(threads)]);
console.log(`training, ${many} slices: ${training < MOST_TRAINING_GB * 1e9 ? 'held' : 'MISSED'}`);
console.log(`  ${gigabytes(training)} (target under ${MOST_TRAINING_GB} GB)`);
if (growths.some((growth) => growth > MOST_GROWTH) || training >= MOST_TRAINING_GB * 1e9)
  process.exitCode = 1;
await rm(folder, { recursive: true });
