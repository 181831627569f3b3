import { type CheckCode, createCheck, type StudyCheck } from './checks.ts';
import type { Series } from './series.ts';

/** A larger share of a series left out, and the rest is refused. */
export const LARGEST_LEFT_OUT_SHARE = 0.2;

/** What leaves slices out that the series needs. */
const LEAVING_OUT: readonly CheckCode[] = [
  'slice-without-geometry',
  'slice-of-another-series',
  'mixed-orientation',
  'mixed-matrix',
  'mixed-pixel-spacing',
  'mixed-contrast',
  'slice-undecodable',
];

/**
 * Counted in files, as the checks name them.
 * @param unread files of the series that could not be read at all
 */
export function tooManyLeftOut(
  series: Series,
  unread: readonly string[],
  checks: readonly StudyCheck[],
): StudyCheck[] {
  const files = new Set(
    checks.filter((check) => LEAVING_OUT.includes(check.code)).flatMap((check) => check.files ?? []),
  );
  const left = series.slices.filter((slice) => files.has(slice.file.path)).length;
  const [lost, all] = [left + unread.length, series.slices.length + unread.length];
  if (lost <= LARGEST_LEFT_OUT_SHARE * all) return [];
  const text = `${lost} of ${all} slices cannot be used, up to ${LARGEST_LEFT_OUT_SHARE * 100}% may be left out`;
  return [createCheck('too-many-left-out', text)];
}
