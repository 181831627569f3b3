import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type ProgressListener, UsageError } from '../../base/index.ts';
import { explainSystemError } from '../../files/index.ts';
import { studyKey } from '../cohort.ts';
import { type CohortCheck, hasRefusal } from '../cohort-checks.ts';
import type { CohortStudy, ImportedCohort } from '../cohort-study.ts';
import { workOnThreads } from '../study-threads.ts';
import { createTwinWatch } from '../twins.ts';
import { openJournal, readJournal } from './journal.ts';
import { STORE_SCHEMA } from './open-store.ts';
import type { JournalLine, RefusalRecord, ScanRecord } from './scan-record.ts';
import { askedFor } from './store-study.ts';
import { STORED_SIDE } from './training-store.ts';
import { readGroup, writeGroup } from './zarr-files.ts';

export interface StoreOptions {
  /** Kept with every scan: `ichor 0.1.0`. */
  readonly software: string;
  /** Default: as many as the machine has. */
  readonly threads?: number;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

export interface ImportSummary {
  /** Scans stored by this run, and their slices. */
  readonly stored: number;
  readonly slices: number;
  /** Bytes of the stored voxels. */
  readonly bytes: number;
  /** Scans that were there already. */
  readonly kept: number;
  readonly refused: readonly RefusalRecord[];
  readonly seconds: number;
}

/**
 * Puts a cohort's scans into a store, which is made if it is not there: decoded, resampled to 256 x 256, with labels
 * and provenance. A run that was cut goes on where it was: scans whose labels and files are the same are kept, those whose
 * labels are refused now are no longer in the store.
 * @throws UsageError `not-a-store` where the folder holds something else; IchorError `disk-full`
 */
export async function importCohort(
  cohort: ImportedCohort,
  folder: string,
  options: StoreOptions,
): Promise<ImportSummary> {
  await prepareStore(cohort, folder);
  const journal = openJournal(folder);
  const stored = new Map((await readJournal(folder)).map((line) => [line.study, line] as const));
  const isStored = (study: CohortStudy): boolean => {
    const line = stored.get(studyKey(study));
    return line?.kind === 'scan' && line.asked === askedFor(study);
  };
  const waiting = cohort.studies.filter((study) => !isStored(study));
  const clock = createClock(waiting.length, cohort.studies.length - waiting.length, options.onProgress);
  const ofLabels = Map.groupBy(cohort.checks, ({ study, source = cohort.name }) =>
    study === undefined ? undefined : studyKey({ source, study }),
  );
  for (const line of stored.values()) {
    const checks = ofLabels.get(line.study) ?? [];
    if (line.kind === 'scan' && hasRefusal(checks)) await journal.append(refusalOf(line, checks));
  }
  const twins = createTwinWatch([...stored.values()].filter((line) => line.kind === 'scan'));
  const onLine = async (line: JournalLine): Promise<void> => {
    const found = ofLabels.get(line.study) ?? [];
    await journal.append({ ...line, checks: [...found, ...line.checks] });
    clock.take(line);
    for (const [scan, check] of line.kind === 'scan' ? twins.find(line) : []) {
      const refusal = refusalOf(scan, [check]);
      await journal.append(refusal);
      clock.takeBack(scan, refusal);
    }
  };
  const { software, threads = availableParallelism(), signal } = options;
  await workOnThreads({
    studies: waiting,
    threads,
    work: (pool, study) => pool.ask('store', { study, folder, software }),
    onResult: onLine,
    signal,
  });
  return clock.summary();
}

/** Of a stored scan whose labels the data set no longer gives: nobody is to train on what they were. */
const refusalOf = (
  { study, patient, source }: JournalLine,
  checks: readonly CohortCheck[],
): RefusalRecord => ({ kind: 'refused', study, patient, source, checks: [...checks] });

async function prepareStore({ name, attribution }: ImportedCohort, folder: string): Promise<void> {
  const attributes = await readGroup(folder);
  if (attributes === undefined) await refuseOtherFolder(folder);
  else if (attributes.schema !== STORE_SCHEMA) {
    throw new UsageError('not-a-store', `${folder} holds Zarr data of another form: choose an empty folder`);
  }
  const cohorts = { ...(attributes?.cohorts as Record<string, string> | undefined), [name]: attribution };
  await writeGroup(folder, { schema: STORE_SCHEMA, form: `paper-${STORED_SIDE}`, unit: 'HU', cohorts });
}

async function refuseOtherFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw explainSystemError(thrown, 'read', folder);
  });
  if (names.length === 0) return;
  throw new UsageError('not-a-store', `${folder} holds other files and no store: choose an empty folder`);
}

const TASK = 'importing studies';

/** Counts what is stored. */
function createClock(total: number, kept: number, onProgress: ProgressListener = () => {}) {
  const startedAt = performance.now();
  const refused: RefusalRecord[] = [];
  const taken = new Set<string>();
  let [stored, slices, bytes] = [0, 0, 0];
  const seconds = () => (performance.now() - startedAt) / 1000;
  // From the start on, so that whoever shows it can tell how long the rest will take
  if (total > 0) onProgress({ task: TASK, done: 0, total });
  return {
    take: (line: JournalLine): void => {
      if (line.kind === 'refused') refused.push(line);
      else {
        taken.add(line.study);
        stored++;
        slices += line.slices;
        bytes += line.storedBytes;
      }
      const detail = `${(slices / seconds()).toFixed(0)} slices/s`;
      onProgress({ task: TASK, done: stored + refused.length, total, detail });
    },
    /** A scan that was stored, by this run or an earlier one, and is refused after all. */
    takeBack: (scan: ScanRecord, refusal: RefusalRecord): void => {
      refused.push(refusal);
      if (!taken.delete(scan.study)) return;
      stored--;
      slices -= scan.slices;
      bytes -= scan.storedBytes;
    },
    summary: (): ImportSummary => ({ stored, slices, bytes, kept, refused, seconds: seconds() }),
  };
}
