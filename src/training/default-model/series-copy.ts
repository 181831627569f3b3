import { HEMORRHAGE_CLASSES, type HemorrhageLabels, type Random } from '../../base/index.ts';
import type { LabelledStudy } from '../../cohort/index.ts';
import type { Recipe } from './recipe.ts';

/** What the manifests of `ichor phantom` name as their source. */
export const PHANTOM_SOURCE = 'phantom';

/** Which form of a series is meant: its plain one or a transformed one, with or without inserted bleeds. */
export interface CopyPlan {
  readonly name: string;
  readonly index: number;
  readonly bleeds: boolean;
  readonly form: 'plain' | 'transformed';
  /** The patient whose blood it bears. */
  readonly donor?: LabelledStudy;
}

/** What a copy's plan depends on. */
type CopyCounts = Pick<Recipe, 'copies' | 'bleedingCopies' | 'movedCopies' | 'phantomCopies'>;

/**
 * The copies of a study, in order; only what has no hemorrhage gets inserted bleeds, and blood of others.
 * @param donors patients whose blood it may bear, by preference
 */
export function copyPlans(
  study: Pick<LabelledStudy, 'subject' | 'source'>,
  { copies, bleedingCopies, movedCopies = 0, phantomCopies }: CopyCounts,
  donors: readonly LabelledStudy[] = [],
): CopyPlan[] {
  const isPhantom = study.source === PHANTOM_SOURCE;
  const own = Array.from({ length: isPhantom ? phantomCopies : copies }, (_, index): CopyPlan => {
    return { name: `copy-${index}`, index, bleeds: false, form: index === 0 ? 'plain' : 'transformed' };
  });
  if (study.subject.anyHemorrhage || isPhantom) return own;
  const bleeding = Array.from({ length: bleedingCopies }, (_, index): CopyPlan => {
    return { name: `bleeding-${index}`, index, bleeds: true, form: 'transformed' };
  });
  const moved = donors.slice(0, movedCopies).map((donor, index): CopyPlan => {
    return { name: `blood-of-${donor.study}`, index, bleeds: true, form: 'transformed', donor };
  });
  return [...own, ...bleeding, ...moved];
}

/** Patients whose blood may be moved, in an order of this study's own: a fold that lacks some of them has the others' copies alike. */
export function donorsFor(
  study: LabelledStudy,
  studies: readonly LabelledStudy[],
  random: Random,
): LabelledStudy[] {
  const donors = studies.filter(({ subject, boxes }) => subject.anyHemorrhage && boxes !== undefined);
  const rankOf = (donor: LabelledStudy): number =>
    random.fork(`${study.study} of ${donor.study}`).uniform(0, 1);
  const ranks = new Map(donors.map((donor) => [donor, rankOf(donor)]));
  return donors.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

/** 0 or 1 for any hemorrhage and the five subtypes, in the order of HEMORRHAGE_CLASSES. */
export const targetsOf = (labels: HemorrhageLabels): number[] =>
  HEMORRHAGE_CLASSES.map(({ name }) => (labels[name] ? 1 : 0));

export const streamOf = (random: Random, study: LabelledStudy, copy: CopyPlan): Random =>
  random.fork(`${study.source}/${study.study}/${copy.name}`);
