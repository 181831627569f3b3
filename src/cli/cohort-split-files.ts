import { readFile } from 'node:fs/promises';
import { RefusedInput } from '../base/index.ts';
import { type PatientSplit, patientSplitSchema } from '../cohort/index.ts';
import { explainSystemError } from '../files/index.ts';

/** Reads a split of three parts. Throws UsageError where it is not there, RefusedInput `split-unreadable`. */
export async function readSplit(file: string): Promise<PatientSplit> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw explainSystemError(thrown, 'read', file);
  });
  try {
    return patientSplitSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = `${file} is no split of three parts as ichor cohort split writes it`;
    throw new RefusedInput('split-unreadable', reason, { cause });
  }
}
