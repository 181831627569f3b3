import type { Random } from '../base/index.ts';
import { at } from '../base/index.ts';

export interface Stratification {
  /** What is to be shared out evenly, by patient: subtypes, and whether there is hemorrhage. */
  readonly traits: ReadonlyMap<string, readonly string[]>;
  /** Of each part; they add up to 1. */
  readonly shares: readonly number[];
  /** Patients whose part is given beforehand. */
  readonly given?: ReadonlyMap<string, number>;
}

/**
 * The part of every patient, by iterative stratification (Sechidis et al. 2011, "On the stratification of multi-label
 * data"): the patients of the rarest trait first, each to the part that lacks most, measured over all of the patient's
 * traits so that mixed bleeds do not tip the balance of the common ones; ties by the seed.
 */
export function stratify({ traits, shares, given }: Stratification, random: Random): Map<string, number> {
  const wanted = new Wanted(traits, shares);
  const partOf = new Map<string, number>();
  const take = (key: string, part: number): void => {
    partOf.set(key, part);
    wanted.give(part, traits.get(key) ?? []);
  };
  for (const [key, part] of given ?? []) if (traits.has(key)) take(key, part);
  let left = random.shuffle([...traits.keys()].sort(byNumber).filter((key) => !partOf.has(key)));
  while (left.length > 0) {
    const trait = rarestTrait(left, traits);
    for (const key of left) {
      const own = traits.get(key) ?? [];
      if (own.includes(trait)) take(key, wanted.neediest(own, random));
    }
    left = left.filter((key) => !partOf.has(key));
  }
  return partOf;
}

/** `p/9` before `p/10`. */
export const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** Counts every patient: as a trait that all have. */
const ALL = 'all patients';

/** How many patients of each trait, and of all, each part still wants. */
class Wanted {
  readonly #shares: readonly number[];
  readonly #counts: ReadonlyMap<string, number>;
  readonly #wants: readonly Map<string, number>[];

  constructor(traits: ReadonlyMap<string, readonly string[]>, shares: readonly number[]) {
    this.#shares = shares;
    this.#counts = countTraits([...traits.values()]).set(ALL, traits.size);
    this.#wants = shares.map(
      (share) => new Map([...this.#counts].map(([trait, count]) => [trait, count * share] as const)),
    );
  }

  give(part: number, traits: readonly string[]): void {
    const wants = this.#wants[part];
    for (const trait of [...traits, ALL]) wants?.set(trait, (wants.get(trait) ?? 0) - 1);
  }

  /** The part that lacks most of these traits, in shares of what it is to have of each. */
  neediest(traits: readonly string[], random: Random): number {
    const lackOf = (part: number, trait: string): number =>
      (this.#wants[part]?.get(trait) ?? 0) / ((this.#counts.get(trait) ?? 0) * (this.#shares[part] ?? 0));
    const lack = (part: number): number =>
      [...traits, ALL].reduce((sum, trait) => sum + lackOf(part, trait), 0);
    const parts = [...this.#shares.keys()].filter((part) => (this.#shares[part] ?? 0) > 0);
    return at(
      random.shuffle(parts).sort((a, b) => lack(b) - lack(a)),
      0,
    );
  }
}

function countTraits(all: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const trait of all.flat()) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  return counts;
}

function rarestTrait(left: readonly string[], traits: ReadonlyMap<string, readonly string[]>): string {
  const counts = countTraits(left.map((key) => traits.get(key) ?? []));
  return [...counts].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
}
