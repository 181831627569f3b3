import type { HeadPlan } from './head-plan.ts';
import type { Place } from './place.ts';

/**
 * What is left of beam hardening: a bright rim under the vault that looks like a thin subdural bleed, and between the
 * petrous bones a dark band (Hounsfield's bar) with bright borders.
 */
export function beamHardeningHu(plan: HeadPlan, { x, y, z, depth }: Place): number {
  const rim = 0.8 * Math.exp(-depth / 4.5);
  if (z > 12 || Math.abs(x) > 45) return plan.beamHu * rim;
  const low = Math.exp(-(((z + 10) / 14) ** 2)) * Math.exp(-((x / 32) ** 2));
  const band = -1.1 * bump((y - 12) / 5) + 0.9 * bump((y - 24) / 4) + 0.6 * bump((y + 2) / 4);
  return plan.beamHu * (rim + low * band);
}

const bump = (distance: number): number => Math.exp(-distance * distance);
