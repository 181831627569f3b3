/**
 * Claim: a study of 32 slices of 512 x 512 takes under 20 s from DICOM files to the written report with both full-size
 * networks and all heat maps (the paper: under 30 s with a GPU), and under 3 s with the bundled model. The model is
 * open already, as in a batch; the first study warms up. What opening and the first study took is printed beside it.
 * `node bench/study-speed.ts [--slices 32] [--rounds 3] [--threads 2]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeFileWhole } from '../src/files/index.ts';
import { DEFAULT_MODEL_PATH, openModel, readStudy } from '../src/service/index.ts';
import { writeBenchmarkStudy } from './support/benchmark-study.ts';
import { writeHashModel } from './support/hash-model.ts';
import { median, numberAfter, software } from './support/race.ts';

const [rounds, threads] = [numberAfter('--rounds', 3), numberAfter('--threads', 2)];
const slices = numberAfter('--slices', 32);
const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
const [study, hashModel] = [path.join(folder, 'study'), path.join(folder, 'full-size.onnx')];
await writeBenchmarkStudy(study, slices);
await writeHashModel(hashModel);
console.log(software(threads));

const secondsSince = (started: number): number => (performance.now() - started) / 1000;

/** Seconds of each round, files to report; `first` is the warm-up with the opening of the model. */
async function timesOf(model: string): Promise<{ first: number; times: number[] }> {
  const opening = performance.now();
  const opened = await openModel({ model, device: 'cpu', threads });
  const round = async (): Promise<void> => {
    const { reportPage } = await opened.predict(await readStudy(study));
    await writeFileWhole(path.join(folder, 'report.html'), await reportPage());
  };
  await round();
  const first = secondsSince(opening);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const started = performance.now();
    await round();
    times.push(secondsSince(started));
  }
  await opened.close();
  return { first, times };
}

const CLAIMS = [
  ['both full-size networks, heat maps, report', hashModel, 20],
  ['bundled model, heat maps, report', DEFAULT_MODEL_PATH, 3],
] as const;
for (const [claim, model, target] of CLAIMS) {
  const { first, times } = await timesOf(model);
  const typical = median(times);
  const held = typical < target;
  console.log(`${slices} slices, ${claim}: ${held ? 'held' : 'MISSED'}`);
  console.log(
    `  median ${typical.toFixed(2)} s of ${times.map((t) => t.toFixed(2)).join(', ')} (target under ${target} s); with opening the model, once: ${first.toFixed(2)} s`,
  );
  if (!held) process.exitCode = 1;
}
await rm(folder, { recursive: true });
