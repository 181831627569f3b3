import type { Prediction } from '../../src/prediction/index.ts';
import { WORDS } from '../words.ts';
import type { HeldStudy } from './held-study.ts';

/** Why nothing of what was predicted can be shown; undefined where at least one of its slices is held. What came late is none of them. */
export function whyNoPictures(
  { objects, removedAt }: Pick<HeldStudy, 'objects' | 'removedAt'>,
  { slices }: Pick<Prediction, 'slices'>,
): string | undefined {
  const held = new Set<string | undefined>(objects.map(({ sopInstanceUid }) => sopInstanceUid));
  if (slices.some(({ sopInstanceUid }) => sopInstanceUid !== undefined && held.has(sopInstanceUid)))
    return undefined;
  return removedAt === undefined ? WORDS.study.otherPictures : WORDS.study.removed;
}
