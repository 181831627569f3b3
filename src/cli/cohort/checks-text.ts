import type { CohortCheck, FoundCheck, ImportedCohort } from '../../cohort/index.ts';
import { unlabelledNote } from '../../evaluation/index.ts';
import { warnLines } from '../terminal/print.ts';

/** `warned: reads.csv ... [byte-order-mark]`. */
export const checkLine = ({ severity, text, code }: FoundCheck | CohortCheck): string =>
  `${severity}: ${text} [${code}]`;

/** What was found in label files that a user should know: to stderr, a line each. */
export function tellChecks(checks: readonly CohortCheck[] = []): void {
  warnLines(checks.filter(({ severity }) => severity !== 'noted').map(checkLine));
}

/** To stderr, where there is such a class. */
export function tellUnlabelled(cohort: ImportedCohort): void {
  const note = unlabelledNote(cohort);
  if (note !== undefined) warnLines([note]);
}
