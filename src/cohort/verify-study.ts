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
  return { study: studyKey(study), accepted: true, slices: read.volume.slices, checks };
}
