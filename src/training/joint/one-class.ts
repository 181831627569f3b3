import { RefusedInput } from '../../base/index.ts';
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
  const isOne = (levels.subject && !isMixed(subjects)) || (levels.slice && !isMixed(slices));
  if (!isOne) return;
  const who = levels.subject && !isMixed(subjects) ? 'subjects' : 'slices';
  throw new RefusedInput(
    'one-class',
    `${part}: all ${who} of its ${own.length} labelled studies are with a hemorrhage, or all without; a network learns from both kinds: divide the patients in another way, or take more of them`,
  );
}

const isMixed = (labels: readonly KnownLabels[]): boolean =>
  new Set(labels.map(({ anyHemorrhage }) => anyHemorrhage)).size > 1;
