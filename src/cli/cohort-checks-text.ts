import type { CohortCheck, FoundCheck } from '../cohort/index.ts';

/** `warned: reads.csv ... [byte-order-mark]`. */
export const checkLine = ({ severity, text, code }: FoundCheck | CohortCheck): string =>
  `${severity}: ${text} [${code}]`;

export const hasRefusal = (checks: readonly { readonly severity: string }[]): boolean =>
  checks.some(({ severity }) => severity === 'refused');
