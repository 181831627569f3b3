import { createCheck, type StudyCheck } from '../checks/checks.ts';
import { stackOf } from '../geometry/stack.ts';
import { fewPaths, type PlacedSlice } from '../headers/slice-header.ts';

/** A larger share of the positions shown more than once, or at another time, and the series passes the head several times. */
export const SEVERAL_PASSES_SHARE = 0.25;
/** Scanners write the times of one pass in its order, to a second or two. */
const SAME_PASS_SECONDS = 5;
/** Of the thickness: slices nearer than this show the same tissue, those of one scan beside another do not. */
const OVERLAP_SHARE = 0.75;

/**
 * Slices of a second pass that lie on those of the first: earlier than both their neighbours, or later than both.
 * Acquisition Number does not tell: some scanners count each rotation.
 */
export function interleavedPasses(slices: readonly PlacedSlice[]): StudyCheck[] {
  if (slices.length === 0) return [];
  const { slices: inOrder, normalStepsMm } = stackOf(slices);
  const times = inOrder.map(secondsOf);
  const apart = inOrder.filter(({ sliceThicknessMm = Number.POSITIVE_INFINITY }, i) => {
    const nearest = Math.min(
      normalStepsMm[i - 1] ?? Number.POSITIVE_INFINITY,
      normalStepsMm[i] ?? Number.POSITIVE_INFINITY,
    );
    // A gantry may take every second slice first
    if (nearest > OVERLAP_SHARE * sliceThicknessMm) return false;
    const [time = Number.NaN, before = Number.NaN, after = Number.NaN] = [
      times[i],
      times[i - 1],
      times[i + 1],
    ];
    const isLater = time - Math.max(before, after) > SAME_PASS_SECONDS;
    return isLater || Math.min(before, after) - time > SAME_PASS_SECONDS;
  });
  if (apart.length <= SEVERAL_PASSES_SHARE * inOrder.length) return [];
  const text = `${apart.length} of ${inOrder.length} slices were acquired earlier than both their neighbours, or later: one pass over the head was expected`;
  return [createCheck('several-passes', text, { files: fewPaths(apart) })];
}

/** Since midnight; NaN where no time is given. */
function secondsOf({ acquired }: PlacedSlice): number {
  const [, hours, minutes, seconds] = /(\d\d)(\d\d)(\d\d(?:\.\d+)?)$/.exec(acquired) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
