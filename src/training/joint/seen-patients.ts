import { UsageError } from '../../base/index.ts';
import { type LabelledStudy, patientKey, studyKey } from '../../cohort/index.ts';
import type { StartingWeights } from './starting-weights.ts';

/** Who must be new to the convolutions that a run starts from. */
export interface Unseen {
  /** Says when to stop. */
  readonly validation: readonly LabelledStudy[];
  readonly test: readonly LabelledStudy[];
}

/**
 * Throws UsageError `start-run-saw` where the run that gives the convolutions trained on a patient who says here when to
 * stop, or saw one who is to be tested on. Its file names studies: whose they are is known of the cohort's and the test's.
 */
export function refuseSeenPatients(
  { seen, about }: StartingWeights,
  cohort: readonly LabelledStudy[],
  { validation, test }: Unseen,
): void {
  if (seen === undefined) return;
  const known = [...cohort, ...test];
  const ofThose = (keys: readonly string[], studies: readonly LabelledStudy[]) => {
    const named = new Set(keys);
    const patients = new Set(known.filter((study) => named.has(studyKey(study))).map(patientKey));
    return studies.filter((study) => patients.has(patientKey(study)));
  };
  const found = [
    ...ofThose(seen.training, validation),
    ...ofThose([...seen.training, ...seen.validation], test),
  ];
  const [first] = found;
  if (first === undefined) return;
  const text = `${about}: that run has seen patients of ${found.length} studies which are to be unseen here, the first is ${studyKey(first)}; train it with this run's --cohort, --split, --validation-parts and --seed`;
  throw new UsageError('start-run-saw', text);
}
