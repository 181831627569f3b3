import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  areSlicesGone,
  dataSetSha256,
  type HeldStudy,
  objectPath,
  type ReadArchive,
  readArchive,
  syncFolder,
} from '../../archive/index.ts';
import { IchorError, writeManifest } from '../../base/index.ts';
import { explainSystemError, PARTIAL, writeFilesWhole } from '../../files/index.ts';
import { judgedStudies, labelRows, studyPlace } from './labels.ts';
import { openPatientCodes } from './patient-codes.ts';

export interface ExportedLabels {
  readonly manifest: string;
  readonly studies: number;
  readonly rows: number;
  /** Studies that retention took before they were exported. */
  readonly leftOut: number;
}

/**
 * Writes a folder that `train` and `evaluate` read: manifest.csv, and the objects of each study that was judged. They are
 * copies, since retention overwrites the archive's own with zeros; one of an export before is replaced, and serves on where the
 * archive has it no more. Reads the archive beside a service that runs. Throws as readArchive, IchorError `disk-full`,
 * `object-damaged`.
 */
export async function exportLabels(data: string, out: string, source: string): Promise<ExportedLabels> {
  const archive = await readArchive(data);
  const patients = await openPatientCodes(archive.folders.root);
  const exported = new Map<string, readonly string[]>();
  for (const held of judgedStudies(archive)) exported.set(held.study, await exportStudy(archive, held, out));
  const rows = await labelRows(archive, {
    source,
    patientOf: async ({ study }) => {
      const [first] = exported.get(study) ?? [];
      return first === undefined ? undefined : await patients.codeOf([first], study);
    },
  });
  await writeFilesWhole(out, { 'manifest.csv': writeManifest(rows) });
  const studies = new Set(rows.map(({ study }) => study)).size;
  const manifest = path.join(out, 'manifest.csv');
  return { manifest, studies, rows: rows.length, leftOut: exported.size - studies };
}

/** The copies of a study's objects: of one that retention took, those of an export before; none where there are not all. */
async function exportStudy(archive: ReadArchive, held: HeldStudy, out: string): Promise<readonly string[]> {
  const folder = path.join(out, studyPlace(held.study));
  if (areSlicesGone(held)) return earlierCopies(folder, held);
  const isNew = !existsSync(folder);
  try {
    return await copyObjects(archive, held, out, folder);
  } catch (thrown) {
    const now = (await readArchive(archive.folders.root)).index.study(held.study);
    if (now === undefined || !areSlicesGone(now)) throw explainSystemError(thrown, 'write', folder);
    if (isNew) await rm(folder, { recursive: true, force: true });
    return earlierCopies(folder, now);
  }
}

async function earlierCopies(folder: string, { removedSlices = 0 }: HeldStudy): Promise<string[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.length < removedSlices ? [] : names.map((name) => path.join(folder, name));
}

async function copyObjects(
  { folders }: ReadArchive,
  { objects }: HeldStudy,
  out: string,
  folder: string,
): Promise<string[]> {
  const copies: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const object of objects.values()) {
    const file = objectPath(folders, object);
    const copy = path.join(folder, path.basename(file));
    // Beside the manifest, where no reader of a study finds what a kill leaves
    const part = path.join(out, `${randomUUID()}${PARTIAL}`);
    await copyWhole(file, copy, { part, sha256: object.sha256 });
    copies.push(copy);
  }
  await syncFolder(folder);
  return copies;
}

async function copyWhole(
  file: string,
  target: string,
  { part, sha256 }: { readonly part: string; readonly sha256: string },
): Promise<void> {
  try {
    await copyFile(file, part, constants.COPYFILE_FICLONE);
    if ((await dataSetSha256(part)) !== sha256) throw damaged(file);
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

const damaged = (file: string): IchorError =>
  new IchorError(
    'object-damaged',
    `${path.join(path.basename(path.dirname(file)), path.basename(file))} is not what the journal says of it; restore it from a backup, then export again`,
  );
