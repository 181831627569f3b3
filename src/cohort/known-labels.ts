import {
  HEMORRHAGE_CLASSES,
  HEMORRHAGE_SUBTYPE_NAMES,
  type HemorrhageName,
  type HemorrhageSubtypeName,
} from '../base/index.ts';
import type { KnownLabels, StudyLabels } from './cohort-study.ts';

/** A subject has what any of its slices has; a class is known where every slice knows it or one has it. */
export function subjectOfKnown(slices: readonly KnownLabels[]): KnownLabels {
  const entries = HEMORRHAGE_CLASSES.flatMap(({ name }): [HemorrhageName, boolean][] => {
    if (slices.some((labels) => labels[name])) return [[name, true]];
    return slices.length > 0 && slices.every((labels) => labels[name] === false) ? [[name, false]] : [];
  });
  return Object.freeze(Object.fromEntries(entries));
}

/** Labels from all five subtypes; any hemorrhage follows from them. */
export function fromSubtypes(subtypes: Readonly<Record<HemorrhageSubtypeName, boolean>>): KnownLabels {
  return Object.freeze({ ...subtypes, anyHemorrhage: Object.values(subtypes).includes(true) });
}

/**
 * Whether the class of any hemorrhage denies a subtype that is there. (The other way round is no contradiction where
 * several readers vote: they may agree that there is blood and not on where.)
 */
export const deniesItsSubtypes = (labels: KnownLabels): boolean =>
  labels.anyHemorrhage === false && HEMORRHAGE_SUBTYPE_NAMES.some((name) => labels[name]);

export interface Vote {
  readonly labels: KnownLabels;
  /** Classes on which as many said yes as no. */
  readonly ties: readonly HemorrhageName[];
}

/** The majority of those who say something of a class; on a tie it is not known. */
export function majorityOf(opinions: readonly KnownLabels[]): Vote {
  const ties: HemorrhageName[] = [];
  const entries = HEMORRHAGE_CLASSES.flatMap(({ name }): [HemorrhageName, boolean][] => {
    const said = opinions.flatMap((labels) => labels[name] ?? []);
    const yes = said.filter(Boolean).length;
    if (said.length === 0) return [];
    if (2 * yes !== said.length) return [[name, 2 * yes > said.length]];
    ties.push(name);
    return [];
  });
  return { labels: Object.freeze(Object.fromEntries(entries)), ties };
}

/** The readers' majority on the subject and on each slice; a reader of slices alone counts for the subject too. */
export function majorityOfReaders(
  readers: readonly StudyLabels[],
): StudyLabels & { readonly ties: string[] } {
  const subject = majorityOf(readers.map((reader) => reader.subject));
  const sliced = readers.flatMap((reader) => (reader.slices === undefined ? [] : [reader.slices]));
  const subjectTies = subject.ties.map((name) => `${name} of the subject`);
  if (sliced.length === 0) return { subject: subject.labels, ties: subjectTies };
  const votes = (sliced[0] ?? []).map((_, i) => majorityOf(sliced.map((slices) => slices[i] ?? {})));
  const sliceTies = votes.flatMap(({ ties }, i) => ties.map((name) => `${name} of slice ${i + 1}`));
  return {
    subject: subject.labels,
    slices: votes.map(({ labels }) => labels),
    ties: [...subjectTies, ...sliceTies],
  };
}
