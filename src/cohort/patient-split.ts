import { z } from 'zod';
import { createRandom, type Random, RefusedInput } from '../base/index.ts';
import { type SplitMember, traitsOf } from './split-member.ts';

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
 * Divides patients by iterative stratification (Sechidis et al. 2011, "On the stratification of multi-label data"):
 * the patients of the rarest trait first, each to the part that lacks most, measured over all of the patient's
 * traits so that mixed bleeds do not tip the balance of the common ones; ties by the seed.
 * @throws RefusedInput `too-few-patients`; `patient-on-both-sides` where the kept splits disagree
 */
export function splitPatients(
  cohort: string,
  members: readonly SplitMember[],
  { shares, seed, kept = [] }: PatientSplitOptions,
): PatientSplit {
  const random = createRandom(seed).fork('split');
  const byKey = Map.groupBy(members, ({ patient }) => patient);
  refuseTooFew(cohort, byKey.size, shares);
  const traits = new Map([...byKey].map(([key, own]) => [key, traitsOf(own)] as const));
  const partOf = new Map([...partsByPatient(kept)].filter(([key]) => byKey.has(key)));
  const free = random.shuffle([...byKey.keys()].sort(byNumber).filter((key) => !partOf.has(key)));
  distribute(free, traits, partOf, shares, random);
  const patientsOf = (part: SplitPart) =>
    [...partOf].flatMap(([key, own]) => (own === part ? [key] : [])).sort(byNumber);
  const parts = {
    training: patientsOf('training'),
    validation: patientsOf('validation'),
    test: patientsOf('test'),
  };
  return { schema: 'ichor-split-1', cohort, seed, ...parts };
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function refuseTooFew(cohort: string, patients: number, shares: PatientSplitOptions['shares']): void {
  const parts = SPLIT_PARTS.filter((part) => shares[part] > 0).length;
  if (patients >= parts) return;
  const text = `cohort ${cohort} has ${patients} patients; ${parts} parts need at least as many`;
  throw new RefusedInput('too-few-patients', text);
}

/** Gives every free patient a part. */
function distribute(
  free: readonly string[],
  traits: ReadonlyMap<string, readonly string[]>,
  partOf: Map<string, SplitPart>,
  shares: PatientSplitOptions['shares'],
  random: Random,
): void {
  const wanted = new Wanted(traits, shares);
  for (const [key, part] of partOf) wanted.give(part, traits.get(key) ?? []);
  let left = free;
  while (left.length > 0) {
    const trait = rarestTrait(left, traits);
    const having = left.filter((key) => traits.get(key)?.includes(trait));
    for (const key of having) {
      const part = wanted.neediest(traits.get(key) ?? [], random);
      partOf.set(key, part);
      wanted.give(part, traits.get(key) ?? []);
    }
    left = left.filter((key) => !partOf.has(key));
  }
}

/** How many patients of each trait, and of all, each part still wants. */
class Wanted {
  readonly #shares: Readonly<Record<SplitPart, number>>;
  readonly #counts: ReadonlyMap<string, number>;
  readonly #wants: Readonly<Record<SplitPart, Map<string, number>>>;

  constructor(traits: ReadonlyMap<string, readonly string[]>, shares: Readonly<Record<SplitPart, number>>) {
    this.#shares = shares;
    this.#counts = countTraits([...traits.values()]).set(ALL, traits.size);
    const wantsOf = (part: SplitPart) =>
      new Map([...this.#counts].map(([trait, count]) => [trait, count * shares[part]] as const));
    this.#wants = {
      training: wantsOf('training'),
      validation: wantsOf('validation'),
      test: wantsOf('test'),
    };
  }

  give(part: SplitPart, traits: readonly string[]): void {
    const wants = this.#wants[part];
    for (const trait of [...traits, ALL]) wants.set(trait, (wants.get(trait) ?? 0) - 1);
  }

  /** The part that lacks most of these traits, in shares of what it is to have of each. */
  neediest(traits: readonly string[], random: Random): SplitPart {
    const lackOf = (part: SplitPart, trait: string): number =>
      (this.#wants[part].get(trait) ?? 0) / ((this.#counts.get(trait) ?? 0) * this.#shares[part]);
    const lack = (part: SplitPart): number =>
      [...traits, ALL].reduce((sum, trait) => sum + lackOf(part, trait), 0);
    const parts = SPLIT_PARTS.filter((part) => this.#shares[part] > 0);
    return random.shuffle(parts).sort((a, b) => lack(b) - lack(a))[0] as SplitPart;
  }
}

const ALL = 'all patients';

function countTraits(all: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const trait of all.flat()) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  return counts;
}

function rarestTrait(left: readonly string[], traits: ReadonlyMap<string, readonly string[]>): string {
  const counts = countTraits(left.map((key) => traits.get(key) ?? []));
  return [...counts].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
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
