import { z } from 'zod';
import { createRandom, RefusedInput } from '../base/index.ts';
import type { Folds } from './folds.ts';
import { type SplitMember, traitsOf } from './split-member.ts';
import { byNumber, stratify } from './stratify.ts';

export const SPLIT_PARTS = ['training', 'validation', 'test'] as const;
export type SplitPart = (typeof SPLIT_PARTS)[number];

const keys = z.array(z.string());

/** Who trains, who says when to stop, who is never seen: patients' keys (`ct-ich/51`), committed before training. */
export const patientSplitSchema = z.strictObject({
  schema: z.literal('ichor-split-1'),
  cohort: z.string(),
  seed: z.number().int(),
  training: keys,
  validation: keys,
  test: keys,
});
export type PatientSplit = z.infer<typeof patientSplitSchema>;

export interface PatientSplitOptions {
  /** Of training, validation and test; they add up to 1. The paper's: 0.8, 0.1, 0.1. */
  readonly shares: Readonly<Record<SplitPart, number>>;
  readonly seed: number;
  /** Splits that were made before, of these or of other data sets: their patients stay where they are. */
  readonly kept?: readonly PatientSplit[];
}

export const PAPER_SHARES: PatientSplitOptions['shares'] = { training: 0.8, validation: 0.1, test: 0.1 };

/**
 * Divides patients by the stratification of `stratify`, subtypes and hemorrhage shared out evenly.
 * @throws RefusedInput `too-few-patients`; `patient-on-both-sides` where the kept splits disagree
 */
export function splitPatients(
  cohort: string,
  members: readonly SplitMember[],
  { shares, seed, kept = [] }: PatientSplitOptions,
): PatientSplit {
  const traits = traitsByPatient(members);
  refuseTooFew(cohort, traits.size, SPLIT_PARTS.filter((part) => shares[part] > 0).length);
  const given = [...partsByPatient(kept)].map(([key, part]) => [key, SPLIT_PARTS.indexOf(part)] as const);
  const partOf = stratify(
    { traits, shares: SPLIT_PARTS.map((part) => shares[part]), given: new Map(given) },
    createRandom(seed).fork('split'),
  );
  const patientsOf = (part: SplitPart) => keysOf(partOf, SPLIT_PARTS.indexOf(part));
  const parts = {
    training: patientsOf('training'),
    validation: patientsOf('validation'),
    test: patientsOf('test'),
  };
  return { schema: 'ichor-split-1', cohort, seed, ...parts };
}

/**
 * Divides patients into folds of the same size, as splitPatients.
 * @throws RefusedInput `too-few-patients`
 */
export function foldPatients(
  cohort: string,
  members: readonly SplitMember[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Folds {
  const traits = traitsByPatient(members);
  refuseTooFew(cohort, traits.size, count);
  const shares = Array.from({ length: count }, () => 1 / count);
  const partOf = stratify({ traits, shares }, createRandom(seed).fork('folds'));
  return { schema: 'ichor-folds-1', cohort, seed, folds: shares.map((_, fold) => keysOf(partOf, fold)) };
}

/** A fold, counted from 0, is the test part, all others train; the training draws who says when to stop. */
export function splitOfFold({ cohort, seed, folds }: Folds, fold: number): PatientSplit {
  const training = folds.filter((_, i) => i !== fold).flat();
  return { schema: 'ichor-split-1', cohort, seed, training, validation: [], test: folds[fold] ?? [] };
}

const keysOf = (partOf: ReadonlyMap<string, number>, part: number): string[] =>
  [...partOf].flatMap(([key, own]) => (own === part ? [key] : [])).sort(byNumber);

const traitsByPatient = (members: readonly SplitMember[]): Map<string, readonly string[]> =>
  new Map([...Map.groupBy(members, ({ patient }) => patient)].map(([key, own]) => [key, traitsOf(own)]));

function refuseTooFew(cohort: string, patients: number, parts: number): void {
  if (patients >= parts) return;
  const text = `cohort ${cohort} has ${patients} patients; ${parts} parts need at least as many`;
  throw new RefusedInput('too-few-patients', text);
}

/**
 * The part of every patient of some splits. Throws RefusedInput `patient-on-both-sides` where a patient stands in two
 * parts, of one split or of two: BHSD's scans are RSNA's, and so are its patients.
 */
export function partsByPatient(splits: readonly PatientSplit[]): Map<string, SplitPart> {
  const partOf = new Map<string, SplitPart>();
  for (const split of splits) {
    for (const part of SPLIT_PARTS) {
      for (const key of split[part]) {
        const other = partOf.get(key) ?? part;
        if (other !== part) {
          const text = `patient ${key} is in ${other} and in ${part} (${split.cohort}); all scans of a patient belong on one side`;
          throw new RefusedInput('patient-on-both-sides', text);
        }
        partOf.set(key, part);
      }
    }
  }
  return partOf;
}

/**
 * Scans by part. Throws RefusedInput `patient-on-both-sides`; `patient-unknown` where a scan's patient is in no part:
 * nobody would have decided where it goes.
 */
export function divide<Member extends Pick<SplitMember, 'patient'>>(
  members: readonly Member[],
  splits: readonly PatientSplit[],
): Readonly<Record<SplitPart, readonly Member[]>> {
  const partOf = partsByPatient(splits);
  const stranger = members.find(({ patient }) => !partOf.has(patient));
  if (stranger !== undefined) {
    const text = `patient ${stranger.patient} is in no part of the split; split the cohort again, keeping this one`;
    throw new RefusedInput('patient-unknown', text);
  }
  const own = (part: SplitPart) => members.filter(({ patient }) => partOf.get(patient) === part);
  return Object.freeze({ training: own('training'), validation: own('validation'), test: own('test') });
}
