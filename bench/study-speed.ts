/**
 * Claim: a study of 32 slices of 512 x 512 takes under 20 s from DICOM files to the written report with both full-size
 * networks and all heat maps (the paper: under 30 s with a GPU), and under 3 s with the bundled model. The model is
 * open already, as in a batch; the first study warms up.
 * `node bench/study-speed.ts [--rounds 3] [--threads 2]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileWhole } from '../src/files/index.ts';
import { DEFAULT_MODEL_PATH, openModel, readStudy } from '../src/library/index.ts';
import { writeBenchmarkStudy } from './support/benchmark-study.ts';
import { writeHashModel } from './support/hash-model.ts';
import { numberAfter, software } from './support/race.ts';

const [rounds, threads] = [numberAfter('--rounds', 3), numberAfter('--threads', 2)];
const SLICES = 32;
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
const [study, hashModel] = [path.join(folder, 'study'), path.join(folder, 'full-size.onnx')];
await writeBenchmarkStudy(study, SLICES);
await writeHashModel(hashModel);
console.log(software(threads));

/** Seconds of each round, files to report. */
async function timesOf(model: string): Promise<number[]> {
  const opened = await openModel({ model, device: 'cpu', threads });
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    const { reportPage } = await opened.predict(await readStudy(study));
    await writeFileWhole(path.join(folder, 'report.html'), await reportPage());
    if (round > 0) times.push((performance.now() - started) / 1000);
  }
  await opened.close();
  return times.sort((a, b) => a - b);
}

const CLAIMS = [
  ['both full-size networks, heat maps, report', hashModel, 20],
  ['bundled model, heat maps, report', DEFAULT_MODEL_PATH, 3],
] as const;
for (const [claim, model, target] of CLAIMS) {
  const times = await timesOf(model);
  const median = times[Math.floor(times.length / 2)] as number;
  const held = median < target;
  console.log(`${SLICES} slices, ${claim}: ${held ? 'held' : 'MISSED'}`);
  console.log(
    `  median ${median.toFixed(2)} s of ${times.map((t) => t.toFixed(2)).join(', ')} (target under ${target} s)`,
  );
  if (!held) process.exitCode = 1;
}
await rm(folder, { recursive: true });
