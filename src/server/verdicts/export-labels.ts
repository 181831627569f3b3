import { randomUUID } from 'node:crypto';
import { constants, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { readArchive, syncFolder } from '../../archive/index.ts';
import { writeManifest } from '../../base/index.ts';
import { explainSystemError, PARTIAL, writeFilesWhole } from '../../files/index.ts';
import { labelRows, studyPlace } from './labels.ts';
import { openPatientCodes } from './patient-codes.ts';

export interface ExportedLabels {
  readonly manifest: string;
  readonly studies: number;
  readonly rows: number;
}

/**
 * Writes a folder that `train` and `evaluate` read: manifest.csv, and the objects of each study that was judged. They are
 * copies, since retention overwrites the archive's own with zeros; one of an export before is replaced, and stays where the
 * archive has it no more. Reads the archive beside a service that runs. Throws as readArchive, IchorError `disk-full`.
 */
export async function exportLabels(data: string, out: string, source: string): Promise<ExportedLabels> {
  const archive = await readArchive(data);
  const patients = await openPatientCodes(archive.folders.root);
  const rows = await labelRows(archive, { source, patients });
  const studies = [...new Set(rows.map(({ study }) => study))];
  try {
    for (const study of studies) await place(archive.paths(study), out, studyPlace(study));
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', out);
  }
  await writeFilesWhole(out, { 'manifest.csv': writeManifest(rows) });
  return { manifest: path.join(out, 'manifest.csv'), studies: studies.length, rows: rows.length };
}

async function place(files: readonly string[], out: string, within: string): Promise<void> {
  const folder = path.join(out, within);
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    // Beside the manifest, where no reader of a study finds what a kill leaves
    const part = path.join(out, `${randomUUID()}${PARTIAL}`);
    await copyWhole(file, path.join(folder, path.basename(file)), part);
  }
  await syncFolder(folder);
}

async function copyWhole(file: string, target: string, part: string): Promise<void> {
  try {
    await copyFile(file, part, constants.COPYFILE_FICLONE);
    await syncFile(part);
    await rename(part, target);
  } catch (thrown) {
    await rm(part, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.sync();
}
