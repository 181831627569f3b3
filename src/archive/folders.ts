import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Where everything of an archive lies. */
export interface ArchiveFolders {
  readonly root: string;
  readonly journal: string;
  /** Objects that still arrive; whatever lies there at start was never acknowledged. */
  readonly incoming: string;
  readonly objects: string;
  readonly results: string;
  /** What DICOMweb tells of studies; made anew where it is missing. */
  readonly metadata: string;
}

export const archiveFolders = (root: string): ArchiveFolders => ({
  root,
  journal: path.join(root, 'journal.jsonl'),
  incoming: path.join(root, 'incoming'),
  objects: path.join(root, 'objects'),
  results: path.join(root, 'results'),
  metadata: path.join(root, 'metadata'),
});

/** Attributes of a study's instances, and of the study. */
export const metadataFiles = ({ metadata }: ArchiveFolders, study: string) => ({
  instances: path.join(metadata, `${study}.jsonl`),
  summary: path.join(metadata, `${study}.json`),
});

interface NamedObject {
  readonly study: string;
  readonly instance: string;
  readonly sha256: string;
}

/** Of an object, within the folder of objects: under its study, by its UID and content, so that no version replaces another. */
export const objectName = ({ study, instance, sha256 }: NamedObject): string =>
  path.join(study, `${instance}.${sha256.slice(0, 16)}.dcm`);

export const objectPath = ({ objects }: ArchiveFolders, object: NamedObject): string =>
  path.join(objects, objectName(object));

/** Makes a folder that outlives a power cut; the folder above it must be there. */
export async function makeSyncedFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await syncFolder(path.dirname(folder));
}

/** What was renamed or made in a folder is there after a power cut only when the folder itself was synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
