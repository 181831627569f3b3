import { createCheck, type StudyCheck } from '../checks/checks.ts';

/** A larger share of a series left out, and the rest is refused. */
const LARGEST_LEFT_OUT_SHARE = 0.2;

/**
 * @param all slices of the series, those among them whose files could not be read at all
 * @param causes what they were left out for: the one of most files is said first
 */
export function tooManyLeftOut(lost: number, all: number, causes: readonly StudyCheck[]): StudyCheck[] {
  if (lost <= LARGEST_LEFT_OUT_SHARE * all) return [];
  const filesOf = (check: StudyCheck) => check.files?.length ?? 0;
  const [cause] = causes.toSorted((a, b) => filesOf(b) - filesOf(a));
  const why = cause === undefined || filesOf(cause) === 0 ? '' : `${cause.text}; `;
  const text = `${why}${lost} of ${all} slices cannot be used, up to ${LARGEST_LEFT_OUT_SHARE * 100}% may be left out`;
  return [createCheck('too-many-left-out', text)];
}
