import { IchorError } from '../base/index.ts';
import { type LabelledStudy, patientKey } from './cohort.ts';
import { createFolds, type Folds } from './folds.ts';

/** Who trains, who says when to stop, who is never seen. */
export interface Split {
  readonly training: readonly LabelledStudy[];
  readonly validation: readonly LabelledStudy[];
  readonly test: readonly LabelledStudy[];
}

export interface SplitOptions {
  /** Counted from 0: the fold that is kept unseen. */
  readonly fold: number;
  /** One part in so many of the training patients says when to stop; 0: none, all train. */
  readonly validationParts: number;
  readonly seed: number;
}

/** One fold unseen; the validation patients come out of the others, stratified in the same way. */
export function splitByFold(studies: readonly LabelledStudy[], folds: Folds, options: SplitOptions): Split {
  const unseen = folds.folds[options.fold];
  if (unseen === undefined) {
    const text = `fold ${options.fold} of ${folds.folds.length} (counted from 0) does not exist`;
    throw new IchorError('fold-unknown', text);
  }
  refuseStrangers(studies, folds);
  const test = studies.filter((s) => unseen.includes(patientKey(s)));
  const others = studies.filter((s) => !unseen.includes(patientKey(s)));
  return refuseSharedPatients({ ...validationFrom(others, options), test });
}

/** All patients train, but for those who say when to stop. */
export function validationFrom(
  studies: readonly LabelledStudy[],
  { validationParts, seed }: Pick<SplitOptions, 'validationParts' | 'seed'>,
): Pick<Split, 'training' | 'validation'> {
  if (validationParts === 0) return { training: studies, validation: [] };
  const inner = createFolds('training patients', studies, { count: validationParts, seed });
  const kept = new Set(inner.folds[0]);
  return {
    training: studies.filter((s) => !kept.has(patientKey(s))),
    validation: studies.filter((s) => kept.has(patientKey(s))),
  };
}

/** Throws `patient-on-both-sides` where a patient stands in two parts of a split. */
export function refuseSharedPatients(split: Split): Split {
  const parts = Object.entries(split) as [keyof Split, readonly LabelledStudy[]][];
  const owner = new Map<string, string>();
  for (const [part, studies] of parts) {
    for (const key of new Set(studies.map(patientKey))) {
      const other = owner.get(key);
      if (other !== undefined) {
        const text = `patient ${key} is in ${other} and in ${part}; split by patient, not by study`;
        throw new IchorError('patient-on-both-sides', text);
      }
      owner.set(key, part);
    }
  }
  return split;
}

/** A patient of no fold would be trained on by every fold without anybody having decided it. */
function refuseStrangers(studies: readonly LabelledStudy[], folds: Folds): void {
  const all = folds.folds.flat();
  const twice = all.find((key, i) => all.indexOf(key) !== i);
  if (twice !== undefined) {
    throw new IchorError('patient-on-both-sides', `patient ${twice} stands in two folds of ${folds.cohort}`);
  }
  const known = new Set(all);
  const stranger = studies.map(patientKey).find((key) => !known.has(key));
  if (stranger === undefined) return;
  throw new IchorError('patient-unknown', `patient ${stranger} is in no fold of ${folds.cohort}`);
}
