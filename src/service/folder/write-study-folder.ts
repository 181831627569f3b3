import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../base/index.ts';
import { explainSystemError, type FileContent, writeFilesWhole } from '../../files/index.ts';
import { KEY_IMAGE_NAME } from '../../report/index.ts';
import { RECORD_FILE, type StudyRecord } from './study-record.ts';

/** What Ichor itself writes into the folders of a study; whatever else lies there is somebody else's. */
const OURS: Readonly<Record<string, RegExp>> = {
  '': /^(report\.html|prediction\.json|heat-maps\.json)$/,
  'key-images': KEY_IMAGE_NAME,
  dicom: /^[\w-]+\.(dcm|json)$/,
};

/**
 * Puts what came of one study into its folder: a prediction with its files, or a refusal's or failure's record alone. It
 * replaces all that an earlier run left there, which would be taken for this one's. Throws as writeFilesWhole does.
 */
export async function writeStudyFolder(
  folder: string,
  record: StudyRecord,
  contents: Readonly<Record<string, FileContent>> = {},
): Promise<void> {
  const current = { ...contents, [RECORD_FILE]: `${JSON.stringify(record, undefined, 2)}\n` };
  await writeFilesWhole(folder, current);
  for (const [inner, names] of Object.entries(OURS)) {
    const ours = (await namesIn(path.join(folder, inner))).filter((name) => names.test(name));
    for (const name of ours) {
      if (!(path.posix.join(inner, name) in current)) await remove(path.join(folder, inner, name));
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw explainSystemError(thrown, 'read', folder);
  }
}

async function remove(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', file);
  }
}
