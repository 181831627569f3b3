import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { withFolderLock, writeFilesWhole } from '../../files/index.ts';
import { type BatchRow, batchPage, batchTable } from '../../report/index.ts';
import { RUNS_FOLDER } from '../folder/study-places.ts';
import { studyRows } from '../folder/study-rows.ts';

/** One run over many inputs. */
export interface Run {
  readonly startedAt: Date;
  /** Of its own summary, without an ending. */
  readonly name: string;
  readonly rows: readonly BatchRow[];
}

/** `20261129T092459Z-3fa9`: its start, and a part that tells two of one second apart. */
export const runName = (startedAt: Date): string =>
  `${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(2).toString('hex')}`;

/** Writes what this run did, and anew what the folder holds: other runs may have written to it meanwhile. */
export async function writeSummaries(
  out: string,
  { startedAt, name, rows }: Run,
  endedEarly: boolean,
): Promise<void> {
  if (rows.length === 0) return;
  const inRuns = { endedEarly, startedAt, foldersAt: '../' };
  await writeFilesWhole(path.join(out, RUNS_FOLDER), {
    [`${name}.html`]: batchPage(rows, inRuns),
    [`${name}.csv`]: batchTable(rows),
  });
  await withFolderLock(out, async () => {
    const all = await studyRows(out);
    await writeFilesWhole(out, { 'summary.html': batchPage(all), 'summary.csv': batchTable(all) });
  });
}
