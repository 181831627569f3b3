import { stat } from 'node:fs/promises';
import { RefusedInput, UsageError } from '../base/index.ts';
import { explainSystemError } from '../files/index.ts';
import type { ImportedCohort } from './cohort-study.ts';
import type { Importer, ImportOptions } from './importer.ts';
import { BHSD } from './importers/bhsd.ts';
import { CQ500 } from './importers/cq500.ts';
import { CT_ICH_1_0 } from './importers/ct-ich-1-0.ts';
import { CT_ICH_1_3 } from './importers/ct-ich-1-3.ts';
import { INSTANCE } from './importers/instance.ts';
import { MANIFEST, readManifest } from './importers/manifest.ts';
import { RSNA } from './importers/rsna.ts';
import { isStore } from './store/open-store.ts';

/** Every data set that can be read, each from its distribution's own files; the first that recognises a folder reads it. */
export const IMPORTERS: readonly Importer[] = [MANIFEST, CT_ICH_1_0, CT_ICH_1_3, RSNA, CQ500, BHSD, INSTANCE];

/**
 * Labels of a data set, and where its images are.
 * @param place a data set's folder, or a manifest of any name
 * @throws UsageError `path-missing`, `cohort-unknown`; RefusedInput where a label file is not as published
 */
export async function readCohort(place: string, options: ImportOptions = {}): Promise<ImportedCohort> {
  if (await isFile(place)) return await readManifest(place).catch(explainNoManifest);
  for (const importer of IMPORTERS) {
    if (await importer.recognises(place)) return await importer.read(place, options);
  }
  if (await isStore(place)) {
    const text = `${place} is a store, which has no original images: give the data set that went into it`;
    throw new UsageError('cohort-unknown', text);
  }
  const known = IMPORTERS.map(({ name, layout }) => `${name}: ${layout}`).join('; ');
  const text = `${place} is not a data set that Ichor knows; the folder itself must hold one of these: ${known}`;
  throw new UsageError('cohort-unknown', text);
}

/** Any file is taken for a manifest: a data set's own label file or a zip shows by what it lacks. */
function explainNoManifest(thrown: unknown): never {
  const isOther =
    thrown instanceof RefusedInput && ['missing-columns', 'unreadable-csv', 'not-utf8'].includes(thrown.code);
  if (!isOther) throw thrown;
  const text = `${thrown.message}; a file is read as a manifest: of any other data set give the folder`;
  throw new RefusedInput(thrown.code, text, { cause: thrown });
}

async function isFile(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isFile();
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', place);
  }
}
