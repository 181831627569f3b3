import { z } from 'zod';
import { at, createRandom, type Random, RefusedInput } from '../base/index.ts';
import { type LabelledStudy, patientKey } from './cohort.ts';
import { traitsOf } from './split-member.ts';
import { byNumber } from './stratify.ts';

/** Patients in groups of like composition: committed as a file before any training. */
export const foldsSchema = z.strictObject({
  schema: z.literal('ichor-folds-1'),
  cohort: z.string(),
  seed: z.number().int(),
  /** Keys of patients (`ct-ich/51`), one list a fold. */
  folds: z.array(z.array(z.string()).min(1)).min(2),
});
export type Folds = z.infer<typeof foldsSchema>;

interface Patient {
  readonly key: string;
  /** Subtypes, or `positive` and `negative`: what the folds must share out evenly. */
  readonly traits: readonly string[];
}

/**
 * Divides patients into folds by iterative stratification (Sechidis et al. 2011, "On the stratification of
 * multi-label data"): the rarest trait first, each patient to the fold that lacks that trait most; ties by the
 * number of patients, then by the seed. The bundled model's folds come from it, so it stays as it is; new cohorts are
 * divided by foldPatients, whose folds are of the same size.
 */
export function createFolds(
  cohort: string,
  studies: readonly LabelledStudy[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Folds {
  const random = createRandom(seed).fork('folds');
  const patients = random.shuffle(patientsOf(studies));
  if (patients.length < count) {
    const text = `cohort ${cohort} has ${patients.length} patients; ${count} folds need at least as many`;
    throw new RefusedInput('too-few-patients', text);
  }
  const folds: Patient[][] = Array.from({ length: count }, () => []);
  let left = patients;
  while (left.length > 0) {
    const trait = rarestTrait(left);
    for (const patient of left.filter((p) => p.traits.includes(trait))) {
      neediestFold(folds, trait, random).push(patient);
    }
    left = left.filter((p) => !p.traits.includes(trait));
  }
  const keys = folds.map((fold) => fold.map((p) => p.key).sort(byNumber));
  return { schema: 'ichor-folds-1', cohort, seed, folds: keys };
}

function patientsOf(studies: readonly LabelledStudy[]): Patient[] {
  const byKey = Map.groupBy(studies, patientKey);
  return [...byKey].sort(([a], [b]) => byNumber(a, b)).map(([key, own]) => ({ key, traits: traitsOf(own) }));
}

function rarestTrait(patients: readonly Patient[]): string {
  const counts = new Map<string, number>();
  for (const trait of patients.flatMap((p) => p.traits)) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
}

function neediestFold(folds: readonly Patient[][], trait: string, random: Random): Patient[] {
  const ranked = random.shuffle([...folds.keys()]).map((i) => {
    const fold = at(folds, i);
    const having = fold.filter((p) => p.traits.includes(trait)).length;
    const positives = fold.filter((p) => p.traits.includes('positive')).length;
    return { fold, rank: [having, trait === 'negative' ? fold.length : positives, fold.length] };
  });
  ranked.sort((a, b) => firstDifference(a.rank, b.rank));
  return at(ranked, 0).fold;
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, place) => value !== b[place]);
  return i < 0 ? 0 : at(a, i) - at(b, i);
}
