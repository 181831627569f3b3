/**
 * Claim: training the full-size network from disk (loading, augmentation, forward, backward, Adam; the CNN recomputed
 * chunk by chunk) runs at least as many slices a second as PyTorch's own loop with its own data loader, and computes
 * at least 90% of the time. Ours is `train` itself, its second epoch, on files of raw HU as the rival's; validation is
 * left out of both.
 * `node bench/training-throughput.ts [--slices 16] [--chunk 8] [--rounds 3] [--threads 2]`
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom } from '../src/base/index.ts';
import { type Cohort, type LabelledStudy, labelsOf, validationFrom } from '../src/cohort/index.ts';
import { createRuntime } from '../src/runtime/index.ts';
import { TRAINING_PRESETS, type TrainingSettings, train } from '../src/training/index.ts';
import { median, numberAfter, software } from './support/race.ts';
import { startTrainingRival } from './support/rival.ts';

const [slices, chunk] = [numberAfter('--slices', 16), numberAfter('--chunk', 8)];
const [rounds, threads] = [numberAfter('--rounds', 3), numberAfter('--threads', 2)];
const SCANS = 4;
const MOST_RATIO = 1;
const LEAST_BUSY = 0.9;
const place = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
console.log(software(threads));

const settings: TrainingSettings = {
  ...(TRAINING_PRESETS.paper as TrainingSettings),
  tasks: ['twoType'],
  mostEpochs: 2,
  validationParts: SCANS,
  chunk,
};
const cohort: Cohort = {
  name: 'bench',
  studies: Array.from({ length: SCANS }, (_, i) => study(i)),
  attribution: 'noise',
};
const training = validationFrom(cohort.studies, settings).training;
const scans = path.join(place, 'scans');
await mkdir(scans);
for (const { study: name } of training) await writeFile(fileOf(scans, name), noise(Number(name)));
await mkdir(path.join(place, 'ours'));
for (const { study: name } of cohort.studies)
  await writeFile(fileOf(path.join(place, 'ours'), name), noise(Number(name)));

const rival = await startTrainingRival(scans, chunk, threads);
await rival.round('epoch');
const measured: { ours: number; theirs: number; busy: number }[] = [];
for (let round = 0; round < rounds; round++) {
  const { seconds, computeBusy } = await ourEpoch(round);
  measured.push({ ours: seconds, theirs: (await rival.round('epoch')).ms / 1000, busy: computeBusy });
}
rival.close();
await rm(place, { recursive: true });

const perSecond = (seconds: number): number => (training.length * slices) / seconds;
const [ours, theirs] = [median(measured.map((m) => m.ours)), median(measured.map((m) => m.theirs))];
const busy = Math.min(...measured.map((m) => m.busy));
const held = ours / theirs <= MOST_RATIO && busy >= LEAST_BUSY;
console.log(`full-size network, training from disk: ${held ? 'held' : 'MISSED'}`);
console.log(
  `  ratio of times ${(ours / theirs).toFixed(3)} (target at most ${MOST_RATIO}), medians of ${rounds} alternating epochs`,
);
console.log(
  `  ours ${perSecond(ours).toFixed(2)} slices a second, ${rival.name} with one loader process ${perSecond(theirs).toFixed(2)}`,
);
console.log(`  compute busy at least ${(100 * busy).toFixed(1)}% of the time (target ${100 * LEAST_BUSY}%)`);
if (!held) process.exitCode = 1;

/** The second epoch of a training of its own: the first one loads the graphs. */
async function ourEpoch(round: number): Promise<{ seconds: number; computeBusy: number }> {
  const runtime = await createRuntime({ device: 'cpu', threads });
  const folder = path.join(place, `run-${round}`);
  const preparedFolder = path.join(place, 'prepared');
  await train({ runtime, settings, cohort, folder, preparedFolder, resume: false });
  await runtime.close();
  const lines = (await readFile(path.join(folder, 'timing.jsonl'), 'utf8')).trim().split('\n');
  return JSON.parse(lines.at(-1) as string);
}

function study(index: number): LabelledStudy {
  const labels = labelsOf({ intraparenchymal: true });
  const name = String(index);
  return {
    source: 'bench',
    patient: name,
    study: name,
    slices: Array.from({ length: slices }, () => labels),
    subject: labels,
    load: () => Promise.reject(new Error('the scan is stored')),
    storedHu: async () => {
      const { buffer, byteOffset, byteLength } = await readFile(fileOf(path.join(place, 'ours'), name));
      return new Int16Array(buffer.slice(byteOffset, byteOffset + byteLength));
    },
  };
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${name}.hu`);
}

function noise(seed: number): Int16Array {
  const random = createRandom(seed);
  return Int16Array.from({ length: slices * 256 * 256 }, () => random.integer(-100, 500));
}
