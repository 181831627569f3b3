import { InvalidArgumentError } from 'commander';
import { UsageError } from '../../base/index.ts';
import {
  type Cohort,
  type LabelledStudy,
  PAPER_SHARES,
  type PatientSplit,
  type PatientSplitOptions,
  patientKey,
  splitPatients,
  studyKey,
  trainingCohort,
} from '../../cohort/index.ts';
import type { ExperimentSetting } from '../../experiment/index.ts';
import { divideBy, dividedCohort, type SplitFlags } from '../options/divided-cohort.ts';

export interface PartFlags extends SplitFlags {
  readonly test?: string;
  readonly shares?: PatientSplitOptions['shares'];
  readonly seed: number;
}

export function sharesOption(text: string): PatientSplitOptions['shares'] {
  const [training = Number.NaN, validation = Number.NaN, test = Number.NaN] = text.split(',').map(Number);
  const sum = training + validation + test;
  if (!(Math.min(training, validation, test) > 0 && Math.abs(sum - 1) < 1e-6))
    throw new InvalidArgumentError('expected three shares above 0 that add up to 1, as 0.8,0.1,0.1');
  if (training < validation)
    throw new InvalidArgumentError(
      'the part that trains (the first) is smaller than the one that says when to stop (the second)',
    );
  return { training, validation, test };
}

type Parts = Pick<ExperimentSetting, 'training' | 'validationPatients' | 'test'>;

/** Who trains and who is judged; a split that is made here is to be written beside the results. */
export async function partsOf(flags: PartFlags, cohort: Cohort): Promise<Parts & { split?: PatientSplit }> {
  const given = await dividedCohort(cohort, flags);
  if (given !== undefined) return given;
  if (flags.test !== undefined) {
    const test = await trainingCohort(flags.test);
    refuseShared(cohort.studies, test.studies);
    return { training: cohort, test };
  }
  const { training, validation, test } = flags.shares ?? PAPER_SHARES;
  const members = cohort.studies.map((study) => ({ patient: patientKey(study), subject: study.subject }));
  // Who says when to stop is drawn by the training, from those who train
  const shares = { training: training + validation, validation: 0, test };
  const split = splitPatients(cohort.name, members, { shares, seed: flags.seed });
  return { ...divideBy(cohort, [split]), split };
}

/** Nor may a scan have another one's key, whoever its patient is: it could be taken for that one. */
function refuseShared(training: readonly LabelledStudy[], test: readonly LabelledStudy[]): void {
  for (const [what, keyOf] of Object.entries({ patient: patientKey, study: studyKey })) {
    const known = new Set(training.map(keyOf));
    const shared = test.map(keyOf).find((key) => known.has(key));
    if (shared === undefined) continue;
    throw new UsageError(`${what}-on-both-sides`, `${what} ${shared} is in --cohort and in --test`);
  }
}
