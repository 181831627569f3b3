import { HEMORRHAGE_SUBTYPE_NAMES } from '../base/index.ts';
import type { KnownLabels } from './cohort-study.ts';

/** What a split needs of a scan. */
export interface SplitMember {
  /** Unique over data sets: all scans of a patient, whoever publishes them, stay on one side. */
  readonly patient: string;
  readonly subject: KnownLabels;
}

/** Subtypes of a patient's scans, then `positive` or `negative`: what the parts must share out evenly. */
export function traitsOf(members: readonly Pick<SplitMember, 'subject'>[]): string[] {
  const isPositive = members.some(({ subject }) => subject.anyHemorrhage);
  const subtypes = HEMORRHAGE_SUBTYPE_NAMES.filter((name) => members.some(({ subject }) => subject[name]));
  return [...subtypes, isPositive ? 'positive' : 'negative'];
}
