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
}

/** The copies of a study, in order; only what has no hemorrhage gets inserted ones. */
export function copyPlans(
  study: Pick<LabelledStudy, 'subject' | 'source'>,
  { copies, bleedingCopies, phantomCopies }: Pick<Recipe, 'copies' | 'bleedingCopies' | 'phantomCopies'>,
): CopyPlan[] {
  const isPhantom = study.source === PHANTOM_SOURCE;
  const own = Array.from({ length: isPhantom ? phantomCopies : copies }, (_, index): CopyPlan => {
    return { name: `copy-${index}`, index, bleeds: false, form: index === 0 ? 'plain' : 'transformed' };
  });
  if (study.subject.anyHemorrhage || isPhantom) return own;
  const bleeding = Array.from({ length: bleedingCopies }, (_, index): CopyPlan => {
    return { name: `bleeding-${index}`, index, bleeds: true, form: 'transformed' };
  });
  return [...own, ...bleeding];
}

/** 0 or 1 for any hemorrhage and the five subtypes, in the order of HEMORRHAGE_CLASSES. */
export const targetsOf = (labels: HemorrhageLabels): number[] =>
  HEMORRHAGE_CLASSES.map(({ name }) => (labels[name] ? 1 : 0));

export const streamOf = (random: Random, study: LabelledStudy, copy: CopyPlan): Random =>
  random.fork(`${study.source}/${study.study}/${copy.name}`);
