import { HEMORRHAGE_SUBTYPE_NAMES, RefusedInput } from '../base/index.ts';
import { findStudyFiles } from '../files/index.ts';
import { readNiftiMask } from '../study/index.ts';
import type { BleedMask } from './cohort.ts';

/** Throws RefusedInput naming the file: unreadable, or `mask-value` where a value stands for no subtype. */
export async function readBleedMask(path: string): Promise<BleedMask> {
  const [file] = await findStudyFiles(path);
  const mask = await readNiftiMask(file as NonNullable<typeof file>);
  const greatest = mask.values.reduce((most, value) => Math.max(most, value), 0);
  if (greatest <= HEMORRHAGE_SUBTYPE_NAMES.length) return mask;
  const text = `${path} has a voxel of ${greatest}; 0 to ${HEMORRHAGE_SUBTYPE_NAMES.length} were expected`;
  throw new RefusedInput('mask-value', text);
}
