import { z } from 'zod';
import { RefusedInput, UsageError } from '../../base/index.ts';
import {
  type Folds,
  foldsSchema,
  type PatientSplit,
  patientSplitSchema,
  splitOfFold,
} from '../../cohort/index.ts';
import { readText } from '../../files/index.ts';

/** Reads a split of three parts. Throws UsageError `fold-missing` of a file of folds, and where it is not there; RefusedInput `split-unreadable`. */
export async function readSplit(file: string): Promise<PatientSplit> {
  const found = await readSplitOrFolds(file);
  if (!('folds' in found)) return found;
  const text = `${file} holds ${found.folds.length} folds: add --fold N, the one that is kept unseen, from 1 to ${found.folds.length}`;
  throw new UsageError('fold-missing', text);
}

/**
 * One fold, counted from 1, as a split whose test part it is. Throws UsageError `fold-unknown` and where the file is not
 * there, RefusedInput `split-unreadable`.
 */
export async function readFold(file: string, fold: number): Promise<PatientSplit> {
  const folds = await readAs(foldsSchema, file, 'a file of folds');
  if (fold <= folds.folds.length) return splitOfFold(folds, fold - 1);
  throw new UsageError('fold-unknown', `${file} has ${folds.folds.length} folds, and no fold ${fold}`);
}

/** A file of either kind. Throws as readSplit does. */
export const readSplitOrFolds = (file: string): Promise<PatientSplit | Folds> =>
  readAs(z.union([patientSplitSchema, foldsSchema]), file, 'a split');

/** Folds as splits, each of which keeps one of them for the test. */
export const splitsOfFolds = (folds: Folds): PatientSplit[] =>
  folds.folds.map((_, fold) => splitOfFold(folds, fold));

async function readAs<T>(schema: z.ZodType<T>, file: string, kind: string): Promise<T> {
  const text = await readText(file);
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RefusedInput('split-unreadable', `${file} is not ${kind} as ichor cohort split writes it`, {
      cause,
    });
  }
}
