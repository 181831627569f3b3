import { WORDS } from '../words.ts';
import type { WorklistItem } from './worklist-items.ts';

/** Why a study stands where it does, and why its result lies outside of what was checked where the service says so. */
export function whyOf({ reason, rankReason, outside = [] }: WorklistItem): string {
  const why = reason ?? rankReason;
  return outside.length === 0 ? why : `${why}; ${WORDS.worklist.outside}: ${outside.join('; ')}`;
}
