import { HEMORRHAGE_SUBTYPE_NAMES, type HemorrhageName, RefusedInput } from '../../base/index.ts';
import type { KnownLabels, LabelledStudy } from '../../cohort/index.ts';
import { labelledFor } from './label-needs.ts';
import type { TrainingSettings } from './settings.ts';
import { supervisedLevels } from './trained-network.ts';

/**
 * Refuses a part from which a two-type network could learn nothing, before minutes are spent on it: all its subjects, or
 * all its slices where slices teach, are with a hemorrhage, or all without. Throws RefusedInput `one-class`.
 */
export function refuseOneClass(
  part: string,
  studies: readonly LabelledStudy[],
  settings: TrainingSettings,
): void {
  const own = settings.tasks.includes('twoType') ? labelledFor(studies, settings, 'twoType') : [];
  if (own.length === 0) return;
  const levels = supervisedLevels(settings);
  const subjects = own.map(({ subject }) => subject);
  const slices = own.flatMap(({ slices: labels = [] }) => labels);
  const ofSubjects = levels.subject && !isMixed(subjects);
  if (!ofSubjects && !(levels.slice && !isMixed(slices))) return;
  const who = ofSubjects ? 'subjects' : 'slices';
  throw new RefusedInput(
    'one-class',
    `${part}: all ${who} of its ${own.length} labelled studies are with a hemorrhage, or all without; a network learns from both kinds: divide the patients in another way, or take more of them`,
  );
}

/**
 * What a part's labels cannot teach or say, in whole sentences: subtypes that all its subjects with a hemorrhage have, or
 * none has, and a part without subjects of one kind, whose AUC no epoch can give.
 */
export function oneKindNotes(
  part: string,
  studies: readonly LabelledStudy[],
  settings: TrainingSettings,
): string[] {
  const { tasks } = settings;
  const all = tasks.includes('twoType') ? labelledFor(studies, settings, 'twoType') : [];
  const bleeding = tasks.includes('fiveType') ? labelledFor(studies, settings, 'fiveType') : [];
  const subtypes = HEMORRHAGE_SUBTYPE_NAMES.flatMap((name) => kindNote(part, bleeding, name));
  return [...kindNote(part, all, 'anyHemorrhage'), ...subtypes];
}

function kindNote(part: string, studies: readonly LabelledStudy[], name: HemorrhageName): string[] {
  const subjects = studies.map(({ subject }) => subject);
  if (studies.length === 0 || isMixed(subjects, name)) return [];
  const who = subjects[0]?.[name] ? 'all' : 'none';
  return [`${part}: ${who} of its ${studies.length} subjects labelled for ${name} have it`];
}

const isMixed = (labels: readonly KnownLabels[], name: HemorrhageName = 'anyHemorrhage'): boolean =>
  new Set(labels.map((known) => known[name])).size > 1;
