import type { CohortCheck, FoundCheck } from '../cohort/index.ts';

/** `warned: reads.csv ... [byte-order-mark]`. */
export const checkLine = ({ severity, text, code }: FoundCheck | CohortCheck): string =>
  `${severity}: ${text} [${code}]`;

/** What was found in label files that a user should know: to stderr, a line each. */
export function tellChecks(checks: readonly CohortCheck[] = []): void {
  for (const check of checks) if (check.severity !== 'noted') process.stderr.write(`${checkLine(check)}\n`);
}
