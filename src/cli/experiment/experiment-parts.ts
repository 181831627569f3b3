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
import { PAPER_SHARES_TEXT, sharesOption } from '../options/shares.ts';

export interface PartFlags extends SplitFlags {
  readonly test?: string;
  readonly shares?: PatientSplitOptions['shares'];
  readonly seed: number;
}

/** An experiment trains, says when to stop, and tests: no part may be empty, and the largest trains. */
export function experimentShares(text: string): PatientSplitOptions['shares'] {
  const shares = sharesOption(text);
  const { training, validation, test } = shares;
  if (Math.min(validation, test) <= 0)
    throw new InvalidArgumentError(`expected three numbers above 0, as ${PAPER_SHARES_TEXT}`);
  if (training < validation)
    throw new InvalidArgumentError(
      'the part that trains (the first) is smaller than the one that says when to stop (the second)',
    );
  return shares;
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
