import { stat } from 'node:fs/promises';
import { UsageError } from '../base/index.ts';
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

/** Every data set that can be read, each from its distribution's own files; the first that recognises a folder reads it. */
export const IMPORTERS: readonly Importer[] = [MANIFEST, CT_ICH_1_0, CT_ICH_1_3, RSNA, CQ500, BHSD, INSTANCE];

/**
 * Labels of a data set, and where its images are.
 * @param place a data set's folder, or a manifest of any name
 * @throws UsageError `path-missing`, `cohort-unknown`; RefusedInput where a label file is not as published
 */
export async function readCohort(place: string, options: ImportOptions = {}): Promise<ImportedCohort> {
  if (await isFile(place)) return await readManifest(place);
  for (const importer of IMPORTERS) {
    if (await importer.recognises(place)) return await importer.read(place, options);
  }
  const known = IMPORTERS.map(({ name, layout }) => `${name}: ${layout}`).join('; ');
  throw new UsageError('cohort-unknown', `${place} is no data set that is known (${known})`);
}

async function isFile(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isFile();
  } catch (thrown) {
    throw explainSystemError(thrown, 'read', place);
  }
}
