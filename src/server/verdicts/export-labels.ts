import { copyFile, link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readArchive } from '../../archive/index.ts';
import { errnoOf, writeManifest } from '../../base/index.ts';
import { explainSystemError, writeFilesWhole } from '../../files/index.ts';
import { labelRows, studyPlace } from './labels.ts';
import { openPatientCodes } from './patient-codes.ts';

export interface ExportedLabels {
  readonly manifest: string;
  readonly studies: number;
  readonly rows: number;
}

/**
 * Writes a folder that `train` and `evaluate` read: manifest.csv, and the objects of each study that was judged. They are
 * links where the disk can have them. Reads the archive beside a service that runs. Throws as readArchive, IchorError `disk-full`.
 */
export async function exportLabels(data: string, out: string, source: string): Promise<ExportedLabels> {
  const archive = await readArchive(data);
  const patients = await openPatientCodes(archive.folders.root);
  const rows = await labelRows(archive, { source, patients });
  const studies = [...new Set(rows.map(({ study }) => study))];
  try {
    for (const study of studies) await place(archive.paths(study), path.join(out, studyPlace(study)));
  } catch (thrown) {
    throw explainSystemError(thrown, 'write', out);
  }
  await writeFilesWhole(out, { 'manifest.csv': writeManifest(rows) });
  return { manifest: path.join(out, 'manifest.csv'), studies: studies.length, rows: rows.length };
}

async function place(files: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const target = path.join(folder, path.basename(file));
    await link(file, target).catch((thrown: unknown) => {
      const why = errnoOf(thrown);
      // The same version, from an export before
      if (why === 'EEXIST') return;
      if (why !== 'EXDEV' && why !== 'EPERM') throw thrown;
      return copyFile(file, target);
    });
  }
}
