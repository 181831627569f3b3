import type { CohortCheck, FoundCheck, ImportedCohort } from '../../cohort/index.ts';
import { unlabelledNote } from '../../evaluation/index.ts';

/** `warned: reads.csv ... [byte-order-mark]`. */
export const checkLine = ({ severity, text, code }: FoundCheck | CohortCheck): string =>
  `${severity}: ${text} [${code}]`;

/** What was found in label files that a user should know: to stderr, a line each. */
export function tellChecks(checks: readonly CohortCheck[] = []): void {
  for (const check of checks) if (check.severity !== 'noted') process.stderr.write(`${checkLine(check)}\n`);
}

/** To stderr, where there is such a class. */
export function tellUnlabelled(cohort: ImportedCohort): void {
  const note = unlabelledNote(cohort);
  if (note !== undefined) process.stderr.write(`${note}\n`);
}
