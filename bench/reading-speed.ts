/**
 * Claim: a study of raw or JPEG lossless slices is read, from the start of a cold process to HU, in pydicom's time at
 * most, and 320 of them in 0.7 of it on two cores; JPEG-LS and JPEG 2000 are measured beside them. pydicom decodes with
 * GDCM and does what its users do (`support/reading_rival.py`); Ichor also chooses the series and checks it. Both in
 * turn, each round a new process, and both must find the same sum of HU. Needs `npm run build` and Debian's
 * python3-pydicom, python3-numpy and python3-gdcm.
 * `node bench/reading-speed.ts [--rounds 5]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBenchmarkStudy } from './support/benchmark-study.ts';
import { median, numberAfter } from './support/race.ts';

const PYTHON = process.env.ICHOR_BENCH_PYTHON ?? '/usr/bin/python3';
const support = (name: string): string => fileURLToPath(new URL(`support/${name}`, import.meta.url));
const rounds = numberAfter('--rounds', 5);

/** Of the rival's time; undefined where nothing is claimed. */
const TARGETS: Readonly<Record<number, readonly [raw: number, lossless: number]>> = {
  28: [1, 1],
  320: [0.7, 0.7],
};
const SYNTAXES = [
  ['raw', undefined],
  ['JPEG lossless', '1.2.840.10008.1.2.4.70'],
  ['JPEG-LS', '1.2.840.10008.1.2.4.80'],
  ['JPEG 2000', '1.2.840.10008.1.2.4.90'],
] as const;

interface Reading {
  readonly seconds: number;
  readonly sum: number;
}

function timed(program: string, args: readonly string[]): Reading {
  const started = performance.now();
  const said = execFileSync(program, args, { encoding: 'utf8' });
  return { seconds: (performance.now() - started) / 1000, sum: Number(said) };
}

/** One round to warm the disk's cache and both programs' own, then so many in turn. */
function race(study: string): readonly [ours: number, theirs: number] {
  const ours = () => timed(process.execPath, [support('read-once.mjs'), study]);
  const theirs = () => timed(PYTHON, [support('reading_rival.py'), study]);
  const first = [ours(), theirs()] as const;
  if (first[0].sum !== first[1].sum)
    throw new Error(`${study}: sums of HU differ, ${first[0].sum} and ${first[1].sum}`);
  const times = Array.from({ length: rounds }, () => [ours().seconds, theirs().seconds] as const);
  return [median(times.map(([one]) => one)), median(times.map(([, other]) => other))];
}

const folder = await mkdtemp(path.join(tmpdir(), 'ichor-bench-'));
try {
  for (const slices of [28, 320]) {
    const raw = path.join(folder, `${slices}`);
    await writeBenchmarkStudy(raw, slices);
    for (const [index, [name, uid]] of SYNTAXES.entries()) {
      const study = uid === undefined ? raw : `${raw}-${uid}`;
      if (uid !== undefined) execFileSync(PYTHON, [support('compress_study.py'), raw, study, uid]);
      const [ours, theirs] = race(study);
      const target = TARGETS[slices]?.[index];
      const ratio = ours / theirs;
      const verdict =
        target === undefined ? '' : `, target ${target}: ${ratio <= target ? 'held' : 'MISSED'}`;
      console.log(`${slices} slices, ${name}: ratio ${ratio.toFixed(2)}${verdict}`);
      console.log(`  ours ${ours.toFixed(2)} s, pydicom ${theirs.toFixed(2)} s, medians of ${rounds}`);
      if (target !== undefined && ratio > target) process.exitCode = 1;
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
