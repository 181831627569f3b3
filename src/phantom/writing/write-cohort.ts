import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { at, type ProgressListener, writeManifest } from '../../base/index.ts';
import { readText, writeFileWhole } from '../../files/index.ts';
import { cohortPhantoms } from '../cohort/cohort-phantoms.ts';
import { type PhantomCohortSettings, readPhantomCohort } from '../cohort/cohort-settings.ts';
import { makePhantoms } from './phantom-threads.ts';
import { manifestRowsOf } from './write-study.ts';

export interface PhantomCohortTask {
  /** Studies; without it as many as the settings say. */
  readonly count?: number;
  /** Without it the settings' own seeds. */
  readonly seed?: number;
  /** A folder a study, and manifest.csv. */
  readonly out: string;
  /** File of settings. */
  readonly cohort: string;
  readonly workers: number;
}

/** Settings of the phantoms that the bundled model was trained on. */
export const TRAINING_COHORT = fileURLToPath(
  new URL('../../../models/phantom-training-cohort.json', import.meta.url),
);
/** Heads of two seeds of cohorts never share a seed of their own. */
const SEEDS_APART = 100_000;

/** Makes the studies that are not there already, and the manifest of all; gives how many there are. */
export async function writePhantomCohort(
  { count, seed, out, cohort, workers }: PhantomCohortTask,
  onProgress: ProgressListener,
): Promise<number> {
  const settings = await readSettings(cohort);
  const phantoms = cohortPhantoms({
    ...settings,
    ...(count === undefined ? {} : { subjects: count }),
    ...(seed === undefined ? {} : { firstSeed: seed * SEEDS_APART }),
  });
  const names = phantoms.map((_, i) => `phantom-${String(i + 1).padStart(4, '0')}`);
  const tasks = phantoms.map((options, i) => ({ folder: path.join(out, at(names, i)), options }));
  const provenances = await makePhantoms(tasks, workers, onProgress);
  const rows = provenances.flatMap((provenance, i) => manifestRowsOf(at(names, i), provenance));
  await writeFileWhole(path.join(out, 'manifest.csv'), writeManifest(rows));
  return phantoms.length;
}

async function readSettings(file: string): Promise<PhantomCohortSettings> {
  return readPhantomCohort(await readText(file), file);
}
