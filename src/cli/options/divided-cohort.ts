import { UsageError } from '../../base/index.ts';
import {
  type Cohort,
  type CohortStudy,
  divide,
  type ImportedCohort,
  type PatientSplit,
  patientKey,
  SPLIT_PARTS,
} from '../../cohort/index.ts';
import { readFold, readSplit } from './split-files.ts';

export interface SplitFlags {
  /** Written by `ichor cohort split`: files of three parts, or one of folds. */
  readonly split?: readonly string[];
  /** Of a file of folds, the one that is kept unseen, counted from 1 as `ichor cohort split` prints them. */
  readonly fold?: number;
}

/** A cohort as split files divide it. */
export interface DividedCohort {
  /** Trains and says when to stop. */
  readonly training: Cohort;
  /** Keys of those who say when to stop; absent where the files leave that to the training. */
  readonly validationPatients?: readonly string[];
  /** Is never seen by a training. */
  readonly test: Cohort;
}

/**
 * Undefined without `--split`. Throws UsageError `fold-without-folds`, `fold-unknown`; RefusedInput `split-unreadable`,
 * `patient-on-both-sides`, `patient-unknown`.
 */
export async function dividedCohort(cohort: Cohort, flags: SplitFlags): Promise<DividedCohort | undefined> {
  const splits = await splitsOf(flags);
  return splits && divideBy(cohort, splits);
}

/** A cohort of which some parts of its split are left, and which part each study is in. */
export interface CohortInParts {
  readonly cohort: ImportedCohort;
  /** Undefined without a split. */
  partOf(study: CohortStudy): string | undefined;
}

/**
 * The studies of the wanted parts (`training`, `validation`, `test`); all of them without `--split`. Throws as
 * dividedCohort does, and UsageError `part-empty` where nothing is left.
 */
export async function cohortInParts(
  cohort: ImportedCohort,
  flags: SplitFlags,
  wanted: readonly string[],
): Promise<CohortInParts> {
  const splits = await splitsOf(flags);
  if (splits === undefined) return { cohort, partOf: () => undefined };
  const divided = divide(membersOf(cohort.studies), splits);
  const parts = new Map(
    SPLIT_PARTS.flatMap((part) => divided[part].map(({ study }) => [study, part] as const)),
  );
  const studies = cohort.studies.filter((study) => wanted.includes(parts.get(study) ?? ''));
  if (studies.length > 0) return { cohort: { ...cohort, studies }, partOf: (study) => parts.get(study) };
  throw new UsageError(
    'part-empty',
    `no study of ${cohort.name} is in part ${wanted.join(' or ')} of the split`,
  );
}

/** Throws RefusedInput `patient-on-both-sides`, `patient-unknown`. */
export function divideBy(cohort: Cohort, splits: readonly PatientSplit[]): DividedCohort {
  const members = membersOf(cohort.studies);
  const { training, validation, test } = divide(members, splits);
  const part = (of: readonly (typeof members)[number][]): Cohort => ({
    ...cohort,
    studies: of.map(({ study }) => study),
  });
  const validationPatients = [...new Set(validation.map(({ patient }) => patient))];
  return {
    training: part([...training, ...validation]),
    ...(validationPatients.length > 0 && { validationPatients }),
    test: part(test),
  };
}

const membersOf = <Study extends Pick<CohortStudy, 'source' | 'patient' | 'patientSource'>>(
  studies: readonly Study[],
) => studies.map((study) => ({ study, patient: patientKey(study) }));

async function splitsOf({ split = [], fold }: SplitFlags): Promise<PatientSplit[] | undefined> {
  if (fold === undefined) return split.length === 0 ? undefined : await Promise.all(split.map(readSplit));
  const [file, ...others] = split;
  if (file !== undefined && others.length === 0) return [await readFold(file, fold)];
  throw new UsageError(
    'fold-without-folds',
    '--fold needs --split with one file of ichor cohort split --folds',
  );
}
