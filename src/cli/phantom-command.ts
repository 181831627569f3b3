import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { writeManifest } from '../base/index.ts';
import { explainSystemError, writeFileWhole } from '../files/index.ts';
import { DEFAULT_MODEL_PATH } from '../library/index.ts';
import { cohortPhantoms, type PhantomCohortSettings, readPhantomCohort } from '../phantom/index.ts';
import { manifestRowsOf } from './phantom-study.ts';
import { makePhantoms } from './phantom-threads.ts';
import { wholeNumber } from './predict-options.ts';
import { createProgressDisplay } from './progress-bar.ts';

interface PhantomFlags {
  readonly count?: number;
  readonly seed?: number;
  readonly out: string;
  readonly cohort: string;
  readonly workers: number;
}

const TRAINING_COHORT = path.join(path.dirname(DEFAULT_MODEL_PATH), 'phantom-training-cohort.json');
/** Heads of two --seed never share a seed of their own. */
const SEEDS_APART = 100_000;

/** `ichor phantom`: synthetic head CTs with known bleeds and their labels. */
export function phantomCommand(): Command {
  return new Command('phantom')
    .description('Makes synthetic head CT studies with known bleeds, as DICOM with labels and masks.')
    .option('--count <N>', 'how many studies; without it the number that the cohort has', wholeNumber)
    .option(
      '--seed <S>',
      'the same seed gives the same studies; without it the seeds of the cohort',
      wholeNumber,
    )
    .option('--out <DIR>', 'a folder a study, and manifest.csv with the labels', 'ichor-phantoms')
    .option('--cohort <FILE>', 'settings: scanners, findings, sizes of bleeds', TRAINING_COHORT)
    .option('--workers <N>', 'threads', wholeNumber, Math.min(2, availableParallelism()))
    .addHelpText(
      'after',
      '\nStudies that are there already are kept: a run that was stopped goes on.' +
        '\n\nExample:\n  ichor phantom --count 20 --seed 7 --out phantoms',
    )
    .action((flags: PhantomFlags) => runPhantom(flags));
}

async function runPhantom({ count, seed, out, cohort, workers }: PhantomFlags): Promise<void> {
  const settings = await readSettings(cohort);
  const phantoms = cohortPhantoms({
    ...settings,
    ...(count === undefined ? {} : { subjects: count }),
    ...(seed === undefined ? {} : { firstSeed: seed * SEEDS_APART }),
  });
  const names = phantoms.map((_, i) => `phantom-${String(i + 1).padStart(4, '0')}`);
  const tasks = phantoms.map((options, i) => ({ folder: path.join(out, names[i] as string), options }));
  const progress = createProgressDisplay();
  const provenances = await makePhantoms(tasks, workers, progress.listen);
  progress.stop();
  const rows = provenances.flatMap((provenance, i) => manifestRowsOf(names[i] as string, provenance));
  await writeFileWhole(path.join(out, 'manifest.csv'), writeManifest(rows));
  process.stdout.write(`${phantoms.length} studies and manifest.csv are in ${out}\n`);
}

async function readSettings(file: string): Promise<PhantomCohortSettings> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'read', file);
  });
  return readPhantomCohort(text, file);
}
