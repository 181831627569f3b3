import { createHash } from 'node:crypto';
import { IchorError, RefusedInput } from '../../base/index.ts';
import { readJournal } from './journal.ts';
import { entryOf, type ScanRecord } from './scan-record.ts';
import type { TrainingScan, TrainingStore } from './training-store.ts';
import { readGroup, readScan } from './zarr-files.ts';

/** What the root of a store says of itself: another schema is another form and is refused. */
export const STORE_SCHEMA = 'ichor-store-1';

/**
 * Opens a store that `ichor cohort import` wrote.
 * @throws RefusedInput `not-a-store`, `store-empty`; IchorError `store-corrupt`
 */
export async function openStore(folder: string): Promise<TrainingStore> {
  const records = await storedScans(folder);
  if (records.length === 0) {
    throw new RefusedInput('store-empty', `the store ${folder} holds no scan: import a cohort into it first`);
  }
  const scans = records.map(entryOf);
  const load = async (index: number): Promise<TrainingScan> => {
    const [record, entry] = [records[index], scans[index]];
    if (record === undefined || entry === undefined) {
      throw new IchorError(
        'scan-unknown',
        `scan ${index} of ${scans.length} (counted from 0) does not exist`,
      );
    }
    const hu = await readScan(folder, record.folder);
    if (sha256Of(hu) === record.sha256) return { ...entry, hu };
    const text = `the voxels of study ${record.study} are not those that were written: delete its line in scans.jsonl and import again`;
    throw new IchorError('store-corrupt', text);
  };
  return Object.freeze({ scans: Object.freeze(scans), load });
}

/** Whether a folder is a store of this form. */
export const isStore = async (folder: string): Promise<boolean> =>
  (await readGroup(folder))?.schema === STORE_SCHEMA;

/** The scans of a store in order of their studies. Throws RefusedInput `not-a-store`. */
export async function storedScans(folder: string): Promise<ScanRecord[]> {
  if (!(await isStore(folder))) {
    const text = `${folder} is not a store of labelled scans (${STORE_SCHEMA}): make one with ichor cohort import`;
    throw new RefusedInput('not-a-store', text);
  }
  const lines = await readJournal(folder);
  const scans = lines.filter((line) => line.kind === 'scan');
  return scans.sort((a, b) => (a.study < b.study ? -1 : 1));
}

/** Licence and attribution of every data set in a store. */
export async function storeAttribution(folder: string): Promise<string> {
  const attributes = await readGroup(folder);
  return Object.values((attributes?.cohorts ?? {}) as Record<string, string>).join('\n');
}

export function sha256Of(hu: Int16Array): string {
  return createHash('sha256')
    .update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength))
    .digest('hex');
}
