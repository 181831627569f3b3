/** Fixture of tests: a hospital's studies, drawn with a seed, and what may shift in it. */
import { createRandom } from '../../base/index.ts';
import type { DriftFacts } from './facts.ts';

export interface Shift {
  /** Of the scanner that has most of the studies. */
  readonly kernel?: string;
  readonly addHu?: number;
  /** Of positives. */
  readonly rate?: number;
}

/** As often as each has a tenth of the studies. */
const A = { scanner: 'A', kernel: 'H31s', thicknessMm: 5, hu: 34 };
const B = { scanner: 'B', kernel: 'SOFT', thicknessMm: 2.5, hu: 32 };
const C = { scanner: 'C', kernel: 'FC21', thicknessMm: 1, hu: 36 };
const SCANNERS = [A, A, A, A, A, A, B, B, B, C];
/** Of the bundled model at its point triage, a tenth of the patients bleeding. */
const POSITIVES = 0.1 * (21 / 24) + 0.9 * (13 / 33);
const MINUTES_APART = 144;

/** Ten studies a day from `firstMs` on. */
export function siteStudies(seed: number, firstMs: number, count: number, shift: Shift = {}): DriftFacts[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, k): DriftFacts => {
    const at = {
      study: `1.2.${seed}.${k}`,
      endedAt: new Date(firstMs + k * MINUTES_APART * 60_000).toISOString(),
    };
    if (random.chance(0.03)) return { ...at, refusal: random.chance(0.7) ? 'not-a-head' : 'too-few-slices' };
    const { hu, ...protocol } = random.pick(SCANNERS);
    const positive = random.chance(POSITIVES * (shift.rate ?? 1));
    return {
      ...at,
      ...protocol,
      ...(shift.kernel && protocol.scanner === 'A' && { kernel: shift.kernel }),
      headHu: Math.round(random.normal(hu, 2.5) + (shift.addHu ?? 0)),
      unlikeDistance: Math.exp(random.normal(0, 0.4)),
      probability: positive ? random.uniform(0.05, 1) : random.uniform(0, 0.05),
      positive,
      ...(random.chance(0.3) && { agreed: random.chance(positive ? 0.6 : 0.97) }),
    };
  });
}
