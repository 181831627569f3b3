import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/index.ts';
import { explainSystemError, readTextIfThere } from '../../files/index.ts';
import type { StudyInfo } from '../../study/index.ts';
import { RECORD_FILE, recordSchema, type StudyRecord } from './study-record.ts';

/** A study's UID; where it has none, the place of its file, and of an input without any study, the input's. */
export function studyKeyOf(input: string, study: StudyInfo | undefined): string {
  if (study?.studyInstanceUid !== undefined) return study.studyInstanceUid;
  const location = path.resolve(input);
  const file = study?.file ?? path.basename(location);
  return file === path.basename(location) ? location : path.join(location, file);
}

/**
 * The name of the folder in `out` that may hold a study: made of the study's own, with a number behind where another
 * study has it, or something that is not Ichor's, or this run already. To be asked and written to under one lock.
 */
export async function chooseFolder(
  out: string,
  { name, studyKey, taken }: { name: string; studyKey: string; taken: ReadonlySet<string> },
): Promise<string> {
  const safe = safeName(name);
  let folder = safe;
  for (let n = 2; taken.has(folder) || !(await mayHold(path.join(out, folder), studyKey)); n++)
    folder = `${safe}-${n}`;
  return folder;
}

/** No separators, no hidden name, not the folder of the runs. */
function safeName(name: string): string {
  const safe = name
    .replace(/[^\w.-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 100);
  return safe === '' || safe === RUNS_FOLDER ? `study${safe && `-${safe}`}` : safe;
}

/** In `out`, beside the studies' folders: a summary of each run. */
export const RUNS_FOLDER = 'runs';

async function mayHold(folder: string, studyKey: string): Promise<boolean> {
  const names = await namesIn(folder);
  // Of an earlier version of Ichor there is no record
  if (!names.includes(RECORD_FILE)) return names.length === 0 || names.includes('prediction.json');
  const record = await readRecord(folder);
  return record !== undefined && record !== 'damaged' && record.studyKey === studyKey;
}

/** None where there is no such folder; a file in its place holds nothing of ours either, but is in the way. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const errno = errnoOf(thrown);
    if (errno === 'ENOENT') return [];
    if (errno === 'ENOTDIR') return ['.'];
    throw explainSystemError(thrown, 'read', folder);
  }
}

/** What came of the study of a folder; undefined where the folder holds none. */
export async function readRecord(folder: string): Promise<StudyRecord | 'damaged' | undefined> {
  const text = await readTextIfThere(path.join(folder, RECORD_FILE));
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}
