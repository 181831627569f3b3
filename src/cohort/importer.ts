import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProgressListener } from '../base/index.ts';
import { errnoOf } from '../base/index.ts';
import { explainSystemError } from '../files/index.ts';
import type { ImportedCohort } from './cohort-study.ts';

export interface ImportOptions {
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

/** What reads one data set from its distribution's own files. */
export interface Importer {
  /** The cohort's name and its studies' source; manifests name their sources themselves. */
  readonly name: string;
  /** What the folder must hold, in words: for error texts and the documentation. */
  readonly layout: string;
  /** Whether the folder holds this data set, by the names of its label files. */
  recognises(folder: string): Promise<boolean>;
  /**
   * Labels and where the images are; voxels are not decoded yet.
   * @throws RefusedInput where a label file is not as published; UsageError where it cannot be opened
   */
  read(folder: string, options?: ImportOptions): Promise<ImportedCohort>;
}

/** True where all of these lie in the folder. */
export const holdsAll =
  (...names: readonly string[]) =>
  async (folder: string): Promise<boolean> => {
    const found = await Promise.all(names.map((name) => isThere(path.join(folder, name))));
    return found.every(Boolean);
  };

export const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Names in a folder, sorted by number and letter; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw explainSystemError(thrown, 'read', folder);
  }
}

/** `3 studies (51, 52, 53)`; beyond five the rest is counted. */
export function listed(names: readonly string[], noun: string): string {
  const shown = names.slice(0, 5).join(', ');
  const rest = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.length} ${noun} (${shown}${rest})`;
}
