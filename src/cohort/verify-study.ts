import { messageOf, RefusedInput } from '../base/index.ts';
import type { Volume } from '../volume/index.ts';
import { readBleedMask, refuseOffGrid } from './bleed-mask.ts';
import { studyKey } from './cohort.ts';
import type { CohortStudy } from './cohort-study.ts';
import type { FoundCheck } from './read-images.ts';
import { readCohortStudy } from './read-study-images.ts';

/** What reading a study found. */
export interface VerifiedStudy {
  readonly study: string;
  readonly accepted: boolean;
  /** Of the volume that was read. */
  readonly slices?: number;
  readonly checks: readonly FoundCheck[];
}

/** Reads a study whole, as an import would, and keeps what was found. */
export async function verifyStudy(study: CohortStudy): Promise<VerifiedStudy> {
  const read = await readCohortStudy(study);
  const checks = read.checks.map(({ code, severity, text }) => ({ code, severity, text }));
  if (read.kind === 'refused') return { study: studyKey(study), accepted: false, checks };
  const problem = await maskProblem(study, read.volume);
  if (problem !== undefined) return { study: studyKey(study), accepted: false, checks: [...checks, problem] };
  return { study: studyKey(study), accepted: true, slices: read.volume.slices, checks };
}

async function maskProblem(study: CohortStudy, volume: Volume): Promise<FoundCheck | undefined> {
  if (study.maskFile === undefined) return undefined;
  try {
    const key = studyKey(study);
    refuseOffGrid(await readBleedMask(study, key), volume, key);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof RefusedInput)) throw thrown;
    return { code: thrown.code, severity: 'refused', text: messageOf(thrown) };
  }
}
